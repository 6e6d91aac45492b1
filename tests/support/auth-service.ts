import { createHash, randomUUID } from "node:crypto";

interface Account {
  id: string;
  password: string;
  confirmed: boolean;
  createdAt: string;
}

const LONG_AGO = "2025-01-01T00:00:00Z";
const JUST_NOW = "2026-11-01T12:00:00Z";
const NOW = "2026-11-01T12:00:20Z";

export interface SentMail {
  to: string;
  kind: "signup" | "magiclink" | "recovery";
  tokenHash: string;
  /** Where the auth server's own page leads to. */
  redirectTo: string | null;
}

export interface AuthServiceOptions {
  /** Whether an account is open only once its address is confirmed. */
  confirms: boolean;
  disableSignup?: boolean;
  /** Whether sessions are too old to change a password. */
  wantsProof?: boolean;
  /** Called with how many milliseconds an answer takes. */
  takes?: (ms: number) => void;
}

/** How long hosted Supabase takes for what it does, in milliseconds: a strange address is refused before anything is hashed. */
const LOOKING_MS = 5;
const HASHING_MS = 90;
const MAILING_MS = 700;

/**
 * The auth server of a hosted project as its documentation has it, with what strangers could learn from it: errors, times
 * and refusals that differ by whether there is an account.
 */
export class AuthService {
  readonly mails: SentMail[] = [];
  /** What was asked, as `POST /otp`. */
  readonly asked: string[] = [];
  /** The code with which everything is refused, as for a wrong key; null while nothing is wrong. */
  refusesAll: string | null = null;
  /** How the mail server behaves towards a sign-up, or whether the auth server is there at all. */
  mailServer: "fast" | "slow" | "hanging" | "refusing" | "limited" | "hanging up" | "auth away" = "fast";
  /** Whether every sign-up waits for `slow`. */
  slowSignUps = false;
  /** Lets what is slow go on. */
  readonly slow = Promise.withResolvers<void>();
  /** The status with which each next `POST /logout` is refused; after them it succeeds. */
  readonly refusedLogouts: number[] = [];
  readonly #accounts = new Map<string, Account>();
  readonly #links = new Map<string, string>();
  readonly #codes = new Map<string, { email: string; challenge: string }>();
  readonly #sessions = new Map<string, string>();
  readonly #options: AuthServiceOptions;

  constructor(options: AuthServiceOptions) {
    this.#options = options;
  }

  addAccount(email: string, password: string): void {
    this.#accounts.set(email, { id: randomUUID(), password, confirmed: true, createdAt: LONG_AGO });
  }

  /** What another service, or the auth server's own page behind a link, comes back with. It may be a new account. */
  codeFor(email: string, challenge: string): string {
    if (!this.#accounts.has(email)) {
      this.#accounts.set(email, { id: randomUUID(), password: randomUUID(), confirmed: true, createdAt: JUST_NOW });
    }
    const code = randomUUID();
    this.#codes.set(code, { email, challenge });
    return code;
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { pathname, searchParams } = new URL(request.url);
    const path = pathname.replace("/auth/v1", "");
    this.asked.push(`${request.method} ${path}`);
    if (this.mailServer === "auth away") throw failedFetch("ECONNREFUSED");
    if (this.refusesAll !== null) return refuse(401, this.refusesAll);
    const text = await request.text();
    const body: Record<string, string> = text === "" ? {} : JSON.parse(text);
    const email = body.email?.toLowerCase() ?? "";
    const redirectTo = searchParams.get("redirect_to");
    switch (path) {
      case "/signup":
        return this.#signUp(email, body.password ?? "", redirectTo);
      case "/token":
        return searchParams.get("grant_type") === "pkce"
          ? this.#exchange(body)
          : this.#signIn(email, body.password ?? "");
      case "/otp":
        if (!this.#accounts.has(email)) return refuse(422, "otp_disabled");
        this.#mail("magiclink", email, redirectTo);
        return Response.json({});
      case "/recover":
        if (this.#accounts.has(email)) this.#mail("recovery", email, redirectTo);
        return Response.json({});
      case "/verify": {
        const owner = this.#links.get(body.token_hash ?? "");
        this.#links.delete(body.token_hash ?? "");
        return owner === undefined ? refuse(403, "otp_expired") : this.#session(owner);
      }
      case "/user":
        return this.#changePassword(request, body.password ?? "");
      case "/logout": {
        const status = this.refusedLogouts.shift();
        return status === undefined ? new Response(null, { status: 204 }) : refuse(status, "unexpected_failure");
      }
      default:
        return refuse(404, "not_found");
    }
  };

  async #signUp(email: string, password: string, redirectTo: string | null): Promise<Response> {
    const { confirms, disableSignup } = this.#options;
    if (disableSignup) return refuse(422, "signup_disabled");
    if (this.slowSignUps) await this.slow.promise;
    const known = this.#accounts.get(email);
    this.#takes(LOOKING_MS);
    if (known?.confirmed) {
      return confirms
        ? Response.json({ ...user(email, randomUUID()), identities: [] })
        : refuse(422, "user_already_exists");
    }
    this.#takes(HASHING_MS);
    this.#accounts.set(email, { id: randomUUID(), password, confirmed: !confirms, createdAt: JUST_NOW });
    if (!confirms) return this.#session(email);
    if (known) return refuse(429, "over_email_send_rate_limit");
    if (this.mailServer === "limited") return refuse(429, "over_email_send_rate_limit");
    if (this.mailServer === "refusing") return refuse(500, "unexpected_failure");
    if (this.mailServer === "hanging up") throw failedFetch("UND_ERR_SOCKET");
    if (this.mailServer !== "fast") await this.slow.promise;
    if (this.mailServer === "hanging") throw new DOMException("", "TimeoutError");
    this.#takes(MAILING_MS);
    this.#mail("signup", email, redirectTo);
    return Response.json({ ...user(email, randomUUID()), identities: [{ provider: "email" }] });
  }

  #signIn(email: string, password: string): Response {
    const account = this.#accounts.get(email);
    this.#takes(LOOKING_MS);
    if (!account) return refuse(400, "invalid_credentials");
    this.#takes(HASHING_MS);
    return account.password === password ? this.#session(email) : refuse(400, "invalid_credentials");
  }

  #exchange({ auth_code: code = "", code_verifier: verifier = "" }: Record<string, string>): Response {
    const kept = this.#codes.get(code);
    this.#codes.delete(code);
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    return kept?.challenge === challenge ? this.#session(kept.email) : refuse(403, "bad_code_verifier");
  }

  #changePassword(request: Request, password: string): Response {
    const token = request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
    const email = this.#sessions.get(token) ?? "";
    const account = this.#accounts.get(email);
    if (!account) return refuse(403, "session_not_found");
    if (this.#options.wantsProof) return refuse(400, "reauthentication_needed");
    if (account.password === password) return refuse(422, "same_password");
    account.password = password;
    return Response.json(user(email, account.id));
  }

  #mail(kind: SentMail["kind"], to: string, redirectTo: string | null): void {
    const tokenHash = randomUUID();
    this.#links.set(tokenHash, to);
    this.mails.push({ to, kind, tokenHash, redirectTo });
  }

  #session(email: string): Response {
    const account = this.#accounts.get(email);
    if (account) account.confirmed = true;
    const claims = { sub: account?.id, email, exp: 4_102_444_800 };
    const token = [{ alg: "HS256" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
    const accessToken = `${token.join(".")}.${randomUUID()}`;
    this.#sessions.set(accessToken, email);
    return Response.json({
      access_token: accessToken,
      refresh_token: randomUUID(),
      token_type: "bearer",
      expires_in: 3_600,
      expires_at: 4_102_444_800,
      user: { ...user(email, account?.id ?? "", account?.createdAt), last_sign_in_at: NOW },
    });
  }

  #takes(ms: number): void {
    this.#options.takes?.(ms);
  }
}

function user(email: string, id: string, createdAt = JUST_NOW) {
  return {
    id,
    aud: "authenticated",
    role: "authenticated",
    email,
    app_metadata: {},
    user_metadata: {},
    created_at: createdAt,
  };
}

/** As Node.js throws it. */
function failedFetch(code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}

function refuse(status: number, code: string): Response {
  return Response.json({ code, error_code: code, msg: code, message: code }, { status });
}
