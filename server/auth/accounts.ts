import { z } from "zod";
import type { BackgroundRunner } from "@/server/cache";
import type { Clock } from "@/server/clock";
import type { AuthenticatedUser } from "./access-token";
import type { AuthClient } from "./auth-client";
import { AUTH_TIMEOUT_MS, fetchBehind, fetchSignUp } from "./auth-server";
import type { OAuthProvider } from "./oauth";
import type { PasswordProblem } from "./password";
import { passwordProblem } from "./password";
import type { Revocations } from "./revocations";
import type { SignInLimit } from "./sign-in-limit";

/** Why something was refused; the page has the words. */
export type AccountProblem =
  | PasswordProblem
  | "emailIncomplete"
  | "passwordMissing"
  | "passwordSame"
  | "nameMissing"
  | "nameLong"
  | "tooManyAttempts"
  | "tooManyMails"
  | "wrongPair"
  | "unconfirmed"
  | "unreachable"
  | "weak"
  | "linkOver"
  | "askForLink"
  | "notFinished"
  | "closed"
  | "removed"
  | "demoStays"
  | "noDemo"
  | "invalid";

export type AccountField = "name" | "email" | "password";

/**
 * What came of it. Not `signedIn`: there is a link to follow in a mail, if there is an account. On failure, what is wrong and
 * the field that it concerns.
 */
export type AccountResult =
  | { ok: true; signedIn: boolean }
  | { ok: false; problem: AccountProblem; field?: AccountField };

/** Whom a link belongs to is signed in; `choosesPassword` where they came to choose a new password. */
export type LinkResult = { ok: true; choosesPassword: boolean } | { ok: false; problem: AccountProblem };

export interface AccountsOptions {
  /** A client of the auth server that keeps its session with the visitor; with `forgets` it keeps nothing. */
  open: (how?: { fetch?: typeof fetch; forgets?: boolean }) => AuthClient;
  /** The visitor's request. */
  headers: Pick<Headers, "get">;
  /** By which the visitor knows the app: links in mails lead back to it. */
  origin: string;
  limit: SignInLimit;
  registration: "open" | "closed";
  demo: { email: string; password: string } | null;
  clock: Pick<Clock, "elapsed" | "pause">;
  background: BackgroundRunner;
  revocations: Pick<Revocations, "revokeOthers">;
}

const SIGNED_IN: AccountResult = { ok: true, signedIn: true };
const SENT: AccountResult = { ok: true, signedIn: false };

/** A schema's message names the problem. */
const problem = (name: AccountProblem) => name;

const email = z
  .string()
  .trim()
  .max(320, problem("emailIncomplete"))
  .pipe(z.email(problem("emailIncomplete")));
const password = z.string().min(1, problem("passwordMissing")).max(1_000, problem("passwordLong"));

const address = z.object({ email });
const credentials = z.object({ email, password });
const name = z.string().trim().min(1, problem("nameMissing")).max(80, problem("nameLong"));
const registration = z.object({ name, email, password });
const newPassword = z.object({ password });

const link = z.object({
  tokenHash: z.string().min(1).max(500),
  // `email` is what Supabase calls the first two today; its own older templates and the embedded server say which.
  type: z.enum(["signup", "magiclink", "email", "recovery", "invite"]),
});

/** Refusals are told at multiples of this after the question, so that how long the auth server took says nothing. */
const REFUSED_EVERY_MS = 1_000;
/** The same for a sign-up, during which mail may be sent. */
const SIGN_UP_TOLD_EVERY_MS = AUTH_TIMEOUT_MS + 250;

/**
 * How people come into their accounts. Neither words nor times tell whether an account exists: what is refused is refused in
 * the same words and at the same moment, and mail is sent behind the answer.
 */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  async signIn(input: unknown): Promise<AccountResult> {
    const parsed = credentials.safeParse(input);
    if (!parsed.success) return invalid(parsed.error);
    if (!this.#admits(parsed.data.email)) return refused("tooManyAttempts");
    const begun = this.#options.clock.elapsed();
    const { error } = await this.#options.open().signInWithPassword(parsed.data);
    if (error === null) return SIGNED_IN;
    await this.#evenly(begun, REFUSED_EVERY_MS);
    return refused(SIGN_IN_PROBLEMS[error.code ?? ""] ?? "unreachable");
  }

  /** Signs in to the shared demo account, where there is one. */
  async continueAsDemo(): Promise<AccountResult> {
    const { demo } = this.#options;
    return demo === null ? refused("noDemo") : this.signIn(demo);
  }

  /**
   * Opens an account. Where the project confirms addresses, and where there is an account already, nobody is signed in and
   * the owner of the address is sent a link.
   * @param next where to go once the link was followed
   */
  async signUp(input: unknown, next: string): Promise<AccountResult> {
    if (this.#options.registration === "closed") return refused("closed");
    const parsed = registration.safeParse(input);
    if (!parsed.success) return invalid(parsed.error);
    const { email, password, name } = parsed.data;
    const weak = passwordProblem(password, email);
    if (weak !== null) return refused(weak, "password");
    const { open, clock, limit, headers } = this.#options;
    if (!this.#admits(email)) return refused("tooManyAttempts");
    if (!limit.couldMail(headers, email)) return refused("tooManyMails");
    const begun = clock.elapsed();
    const options = { data: { name }, emailRedirectTo: this.#callback(next) };
    const { data, error } = await open({ fetch: fetchSignUp }).signUp({ email, password, options });
    if (error === null && data.session !== null) return SIGNED_IN;
    // Keeps nothing, so that the answer's cookies do not tell that there is an account.
    if (data.user?.identities?.length === 0) await this.#mailLink({ email, next, forgets: true });
    else if (error === null) limit.admitsMail(headers, email);
    await this.#evenly(begun, SIGN_UP_TOLD_EVERY_MS);
    return error === null ? SENT : signUpFailure(error.code);
  }

  /** Sends a link that signs in to the account with this address, if there is one. */
  async sendLink(input: unknown, next: string): Promise<AccountResult> {
    const parsed = address.safeParse(input);
    if (!parsed.success) return invalid(parsed.error);
    const sent = await this.#mailLink({ email: parsed.data.email, next });
    return sent ? SENT : refused("tooManyMails");
  }

  /**
   * Sends a link for a new password to whoever has the account with this address, if there is one.
   * @param choose where a new password is chosen
   */
  async sendReset(input: unknown, choose: string): Promise<AccountResult> {
    const parsed = address.safeParse(input);
    if (!parsed.success) return invalid(parsed.error);
    const { limit, headers } = this.#options;
    if (!limit.admitsMail(headers, parsed.data.email)) return refused("tooManyMails");
    await this.#open().resetPasswordForEmail(parsed.data.email, { redirectTo: this.#callback(choose) });
    return SENT;
  }

  /** Signs in whoever followed a link of a mail, by the hash in it. A link works once. */
  async followLink(input: unknown): Promise<LinkResult> {
    const parsed = link.safeParse(input);
    if (!parsed.success) return failed("linkOver");
    if (!this.#admits(null)) return failed("tooManyAttempts");
    const { tokenHash, type } = parsed.data;
    const { error } = await this.#options.open().verifyOtp({ token_hash: tokenHash, type });
    if (error !== null) return failed(linkProblem(error));
    return { ok: true, choosesPassword: type === "recovery" || type === "invite" };
  }

  /**
   * Signs in whoever comes back from another service, or from the auth server's own page behind a link, with a code. It is
   * good only in the browser that asked for it, which holds the other half (PKCE).
   */
  async exchangeCode(code: string): Promise<LinkResult> {
    if (!this.#admits(null)) return failed("tooManyAttempts");
    const { error } = await this.#options.open().exchangeCodeForSession(code);
    return error === null ? { ok: true, choosesPassword: false } : failed(linkProblem(error));
  }

  /** The address of another service's page to sign in at; null when this visitor tries too often. */
  async signInElsewhere(provider: OAuthProvider, next: string): Promise<string | null> {
    if (!this.#admits(null)) return null;
    const options = { redirectTo: this.#callback(next), skipBrowserRedirect: true };
    const { data } = await this.#options.open().signInWithOAuth({ provider, options });
    return data.url;
  }

  /**
   * Gives the signed-in person a new password, and signs them out everywhere else. Where the project wants somebody who has
   * been signed in for long to prove who they are, they are sent a link.
   * @param choose where a new password is chosen
   */
  async choosePassword(
    input: unknown,
    user: Pick<AuthenticatedUser, "email" | "session">,
    choose: string,
  ): Promise<AccountResult> {
    const parsed = newPassword.safeParse(input);
    if (!parsed.success) return invalid(parsed.error);
    const { demo, open, revocations } = this.#options;
    if (user.email === demo?.email) return refused("demoStays");
    const weak = passwordProblem(parsed.data.password, user.email);
    if (weak !== null) return refused(weak, "password");
    if (!this.#admits(null)) return refused("tooManyAttempts");
    const auth = open();
    const { error } = await auth.updateUser(parsed.data);
    if (error !== null) {
      if (error.code === "same_password") return refused("passwordSame", "password");
      if (error.code === "weak_password") return refused("weak", "password");
      if (error.code === "reauthentication_needed") return this.sendReset({ email: user.email }, choose);
      return refused(error.name === "AuthSessionMissingError" ? "askForLink" : "unreachable");
    }
    await auth.signOut({ scope: "others" });
    if (user.session !== undefined) await revocations.revokeOthers(user.session);
    return SIGNED_IN;
  }

  /** False when this visitor, or anybody for this address, had too many mails sent. */
  async #mailLink({ email, next, forgets = false }: { email: string; next: string; forgets?: boolean }) {
    const { limit, headers } = this.#options;
    if (!limit.admitsMail(headers, email)) return false;
    const options = { shouldCreateUser: false, emailRedirectTo: this.#callback(next) };
    await this.#open(forgets).signInWithOtp({ email, options });
    return true;
  }

  /** A client whose questions are asked behind the answer. */
  #open(forgets = false): AuthClient {
    const { open, background } = this.#options;
    return open({ fetch: fetchBehind(background), forgets });
  }

  /** The demo account's password is no secret, and everybody behind one address may continue as it. */
  #admits(email: string | null): boolean {
    const { limit, headers, demo } = this.#options;
    return limit.admits(headers, email?.toLowerCase() === demo?.email ? null : email);
  }

  #callback(next: string): string {
    return `${this.#options.origin}/auth/callback?${new URLSearchParams({ next })}`;
  }

  /** Waits for the next multiple of so many milliseconds since then. */
  async #evenly(begun: number, everyMs: number): Promise<void> {
    const { clock } = this.#options;
    await clock.pause(everyMs - ((clock.elapsed() - begun) % everyMs), new AbortController().signal);
  }
}

const SIGN_IN_PROBLEMS: Partial<Record<string, AccountProblem>> = {
  invalid_credentials: "wrongPair",
  // Said only to whoever knows the password.
  email_not_confirmed: "unconfirmed",
  over_request_rate_limit: "tooManyAttempts",
};

function signUpFailure(code: string | undefined): AccountResult {
  if (code === "weak_password") return refused("weak", "password");
  if (code === "email_address_invalid") return refused("emailIncomplete", "email");
  if (code === "signup_disabled" || code === "email_provider_disabled") return refused("closed");
  return refused(code === "over_request_rate_limit" ? "tooManyAttempts" : "unreachable");
}

/** A link that the auth server does not know was used, is too old, or was never sent; which one it does not say. */
function linkProblem({ status, code }: { status?: number | undefined; code?: string | undefined }): AccountProblem {
  if (code === "over_request_rate_limit") return "tooManyAttempts";
  return status === undefined || status === 0 || status >= 500 ? "unreachable" : "linkOver";
}

const fields = z.enum(["name", "email", "password"]);

/** What a schema above may say; a message of zod's own is none of these. */
const SCHEMA_PROBLEMS: readonly AccountProblem[] = [
  "emailIncomplete",
  "passwordMissing",
  "passwordLong",
  "nameMissing",
  "nameLong",
];

function invalid({ issues: [issue] }: z.ZodError): AccountResult {
  const named = SCHEMA_PROBLEMS.find((each) => each === issue?.message);
  return refused(named ?? "invalid", fields.safeParse(issue?.path[0]).data);
}

function refused(problem: AccountProblem, field?: AccountField): AccountResult {
  return field === undefined ? { ok: false, problem } : { ok: false, problem, field };
}

function failed(problem: AccountProblem): LinkResult {
  return { ok: false, problem };
}
