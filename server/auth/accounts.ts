import { z } from "zod";
import type { BackgroundRunner } from "@/server/cache";
import type { Clock } from "@/server/clock";
import type { Logger } from "@/server/telemetry/logger";
import type { AuthenticatedUser } from "./access-token";
import type { AuthClient } from "./auth-client";
import { AUTH_TIMEOUT_MS } from "./auth-server";
import { isDemoCopy } from "./demo-copy";
import type { MailFailure } from "./mail-requests";
import { fetchInBackground, fetchSignUp } from "./mail-requests";
import type { AuthMetrics } from "./metrics";
import type { OAuthProvider } from "./oauth";
import type { PasswordProblem } from "./password";
import { passwordProblem } from "./password";
import type { Revocations } from "./revocations";
import type { SignInLimit } from "./sign-in-limit";

/** Why something was refused. Each language has a text for it. */
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
  | "demoEnded"
  | "demoFull"
  | "tooManyDemos"
  | "noDemo"
  | "invalid";

export type AccountField = "name" | "email" | "password";

/**
 * The result of an attempt. If nobody is `signedIn`, a mail with a link was sent if there is an account. `othersStay`: the
 * person's other sessions could not be ended. On failure, the problem and the field that it concerns.
 */
export type AccountResult =
  | { ok: true; signedIn: boolean; othersStay?: true }
  | { ok: false; problem: AccountProblem; field?: AccountField };

/** On success the owner of the link is signed in. `choosesPassword`: the link was for choosing a new password. */
export type LinkResult = { ok: true; choosesPassword: boolean } | Failed;

/** On success the person is signed in. `isNew`: the account was created on the way here. */
export type CodeResult = { ok: true; isNew: boolean } | Failed;

interface Failed {
  ok: false;
  problem: AccountProblem;
}

export interface AccountsOptions {
  /** A client of the auth server that stores its session in the visitor's cookies; with `forgets` it stores nothing. */
  open: (how?: { fetch?: typeof fetch; forgets?: boolean }) => AuthClient;
  /** The visitor's request. */
  headers: Pick<Headers, "get">;
  /** The public origin of the app, for links in mails. */
  origin: string;
  limit: SignInLimit;
  registration: "open" | "closed";
  /** The account that the embedded stack made for whoever runs it; its password is in the documentation. */
  sharedEmail: string | undefined;
  /** Makes a copy of the demo; null from it while there are too many. Null where there is no demo. */
  openDemoCopy: (() => Promise<{ email: string; password: string } | null>) | null;
  clock: Pick<Clock, "elapsed" | "pause">;
  background: BackgroundRunner;
  revocations: Pick<Revocations, "revokeOthers">;
  logger: Pick<Logger, "warn" | "error">;
  metrics: Pick<AuthMetrics, "mailFailures">;
}

/** How long after another service created an account its owner signs in for the first time, in milliseconds, at most. */
const FIRST_SIGN_IN_MS = 60_000;

const SIGNED_IN: AccountResult = { ok: true, signedIn: true };
const SENT: AccountResult = { ok: true, signedIn: false };

/** A schema's message is the name of the problem. */
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
  // Supabase calls the first two `email` today. Its older templates and the embedded server tell them apart.
  type: z.enum(["signup", "magiclink", "email", "recovery", "invite"]),
});

/** A refusal is answered at a multiple of this after the request, so that the answer's time says nothing. */
const REFUSED_EVERY_MS = 1_000;
/** The same for a sign-up, during which the auth server may send a mail. */
const SIGN_UP_TOLD_EVERY_MS = AUTH_TIMEOUT_MS + 250;

/** How often the auth server is asked to end the other sessions after a new password, and after which pause. */
const END_ATTEMPTS = 3;
const END_AGAIN_MS = 500;

/**
 * Sign-in, sign-up and new passwords. Neither the text nor the time of an answer shows whether an account exists: refusals
 * have the same text and come at the same time, and mails are sent in the background.
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
    this.#log("sign in", error);
    await this.#evenly(begun, REFUSED_EVERY_MS);
    return refused(SIGN_IN_PROBLEMS[error.code ?? ""] ?? "unreachable");
  }

  /** Signs in to a new copy of the demo, which is this visitor's alone and ends after a day. */
  async continueAsDemo(): Promise<AccountResult> {
    const { openDemoCopy, limit, headers, open, logger } = this.#options;
    if (openDemoCopy === null) return refused("noDemo");
    if (!limit.admitsDemo(headers)) return refused("tooManyDemos");
    try {
      const copy = await openDemoCopy();
      if (copy === null) return refused("demoFull");
      const { error } = await open().signInWithPassword(copy);
      if (error === null) return SIGNED_IN;
      this.#log("sign in to a demo", error);
    } catch (err) {
      logger.error({ err }, "no copy of the demo could be made");
    }
    return refused("unreachable");
  }

  /**
   * Creates an account. If the project confirms addresses, or if the account exists, nobody is signed in and the owner of the
   * address is sent a link.
   * @param next where to go after following the link
   */
  async signUp(input: unknown, next: string): Promise<AccountResult> {
    if (this.#options.registration === "closed") return refused("closed");
    const parsed = registration.safeParse(input);
    if (!parsed.success) return invalid(parsed.error);
    const { email, password, name } = parsed.data;
    const weak = passwordProblem(password, email);
    if (weak !== null) return refused(weak, "password");
    const { open, clock, limit, headers, background } = this.#options;
    if (!this.#admits(email)) return refused("tooManyAttempts");
    if (!limit.admitsMail(headers, email)) return refused("tooManyMails");
    const begun = clock.elapsed();
    const options = { data: { name }, emailRedirectTo: this.#callback(next) };
    const fetch = fetchSignUp({
      background,
      clock,
      onFailure: this.#mailFailed("sign up"),
      // Stores no cookies, because additional cookies would show that the account exists.
      onExisting: () => this.#mailLink({ email, next, forgets: true }),
    });
    const { data, error } = await open({ fetch }).signUp({ email, password, options });
    if (error !== null) this.#log("sign up", error);
    if (data.session !== null || error !== null) limit.returnMail(headers, email);
    if (error === null && data.session !== null) return SIGNED_IN;
    if (isUnreached(error)) return refused("unreachable");
    await this.#evenly(begun, SIGN_UP_TOLD_EVERY_MS);
    return error === null ? SENT : signUpFailure(error.code);
  }

  /** Sends a link that signs in to the account with this address, if there is one. */
  async sendLink(input: unknown, next: string): Promise<AccountResult> {
    const parsed = address.safeParse(input);
    if (!parsed.success) return invalid(parsed.error);
    const { email } = parsed.data;
    const { limit, headers } = this.#options;
    if (!limit.admitsMail(headers, email)) return refused("tooManyMails");
    await this.#mailLink({ email, next });
    return SENT;
  }

  /**
   * Sends a link for a new password to whoever has the account with this address, if there is one.
   * @param choose the page where a new password is chosen
   */
  async sendReset(input: unknown, choose: string): Promise<AccountResult> {
    const parsed = address.safeParse(input);
    if (!parsed.success) return invalid(parsed.error);
    const { limit, headers } = this.#options;
    if (!limit.admitsMail(headers, parsed.data.email)) return refused("tooManyMails");
    await this.#open().resetPasswordForEmail(parsed.data.email, { redirectTo: this.#callback(choose) });
    return SENT;
  }

  /** Signs in by the token hash of a link in a mail. A link works once. */
  async followLink(input: unknown): Promise<LinkResult> {
    const parsed = link.safeParse(input);
    if (!parsed.success) return failed("linkOver");
    if (!this.#admits(null)) return failed("tooManyAttempts");
    const { tokenHash, type } = parsed.data;
    const { error } = await this.#options.open().verifyOtp({ token_hash: tokenHash, type });
    if (error !== null) return this.#linkFailed("follow a link", error);
    return { ok: true, choosesPassword: type === "recovery" || type === "invite" };
  }

  /**
   * Signs in by the code that another service, or the auth server's own page for links, redirects back with. It works only in
   * the browser that started the flow, which stores the code verifier (PKCE).
   */
  async exchangeCode(code: string): Promise<CodeResult> {
    if (!this.#admits(null)) return failed("tooManyAttempts");
    const { data, error } = await this.#options.open().exchangeCodeForSession(code);
    return error === null ? { ok: true, isNew: isNew(data.user) } : this.#linkFailed("exchange a code", error);
  }

  /** The address of another service's sign-in page; null if this visitor tries too often. */
  async signInElsewhere(provider: OAuthProvider, next: string): Promise<string | null> {
    if (!this.#admits(null)) return null;
    const options = { redirectTo: this.#callback(next), skipBrowserRedirect: true };
    const { data } = await this.#options.open().signInWithOAuth({ provider, options });
    return data.url;
  }

  /**
   * Changes the password of the signed-in person, and signs them out everywhere else. If the project wants a recent sign-in
   * and theirs is too old, they are sent a link instead.
   * @param choose the page where a new password is chosen
   */
  async choosePassword(
    input: unknown,
    user: Pick<AuthenticatedUser, "email" | "session">,
    choose: string,
  ): Promise<AccountResult> {
    const parsed = newPassword.safeParse(input);
    if (!parsed.success) return invalid(parsed.error);
    const { sharedEmail, open, revocations } = this.#options;
    if (user.email === sharedEmail || isDemoCopy(user.email)) return refused("demoStays");
    const weak = passwordProblem(parsed.data.password, user.email);
    if (weak !== null) return refused(weak, "password");
    if (!this.#admits(null)) return refused("tooManyAttempts");
    const auth = open();
    const { error } = await auth.updateUser(parsed.data);
    if (error !== null) {
      this.#log("change a password", error);
      if (error.code === "same_password") return refused("passwordSame", "password");
      if (error.code === "weak_password") return refused("weak", "password");
      if (error.code === "reauthentication_needed") return this.sendReset({ email: user.email }, choose);
      return refused(error.name === "AuthSessionMissingError" ? "askForLink" : "unreachable");
    }
    if (user.session !== undefined) await revocations.revokeOthers(user.session);
    return this.#endOthers(auth);
  }

  /** Ends the other sessions of the signed-in person, where that failed after a new password. */
  async endOthers(): Promise<AccountResult> {
    return this.#admits(null) ? this.#endOthers(this.#options.open()) : refused("tooManyAttempts");
  }

  /** Ends the person's other sessions at the auth server, so that they can no longer be renewed. */
  async #endOthers(auth: AuthClient): Promise<AccountResult> {
    const { clock, logger } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const { error } = await auth.signOut({ scope: "others" });
      if (error === null) return SIGNED_IN;
      if (attempt === END_ATTEMPTS) {
        logger.error({ status: error.status, code: error.code }, "other sessions go on after a new password");
        return { ok: true, signedIn: true, othersStay: true };
      }
      await clock.pause(END_AGAIN_MS, new AbortController().signal);
    }
  }

  /** Sends a link to sign in. The mail has been admitted. */
  async #mailLink({ email, next, forgets = false }: { email: string; next: string; forgets?: boolean }): Promise<void> {
    const options = { shouldCreateUser: false, emailRedirectTo: this.#callback(next) };
    await this.#open(forgets).signInWithOtp({ email, options });
  }

  #linkFailed(operation: string, error: AuthFailure): Failed {
    this.#log(operation, error);
    return failed(linkProblem(error));
  }

  /** Logs an answer of the auth server unless it concerns this person only. The message could contain their address. */
  #log(operation: string, { name, status, code }: AuthFailure): void {
    if (PERSONAL_ANSWERS.has(code ?? name)) return;
    this.#options.logger.warn({ operation, status, code }, "the auth server did not do what it was asked");
  }

  #mailFailed(operation: string) {
    return ({ reason, ...answer }: MailFailure) => {
      this.#options.metrics.mailFailures.add(1, { reason });
      this.#options.logger.error({ operation, reason, ...answer }, "a mail was not sent");
    };
  }

  /** A client that sends its requests in the background. */
  #open(forgets = false): AuthClient {
    const { open, background } = this.#options;
    return open({ fetch: fetchInBackground({ background, onFailure: this.#mailFailed("send a mail") }), forgets });
  }

  /** The shared account's password is public, and everybody behind one address may use it. */
  #admits(email: string | null): boolean {
    const { limit, headers, sharedEmail } = this.#options;
    return limit.admits(headers, email?.toLowerCase() === sharedEmail ? null : email);
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

/** An error of `supabase.auth`. */
interface AuthFailure {
  name: string;
  status?: number | undefined;
  code?: string | undefined;
}

/** The answers that people cause by what they enter or follow: codes, or the name of an error that has none. */
const PERSONAL_ANSWERS = new Set([
  "invalid_credentials",
  "email_not_confirmed",
  "user_banned",
  "weak_password",
  "same_password",
  "email_address_invalid",
  "reauthentication_needed",
  "session_not_found",
  "AuthSessionMissingError",
  "otp_expired",
  "bad_code_verifier",
  "flow_state_not_found",
  "flow_state_expired",
  "pkce_code_verifier_not_found",
]);

const SIGN_IN_PROBLEMS: Partial<Record<string, AccountProblem>> = {
  invalid_credentials: "wrongPair",
  // Answered only to somebody who knows the password.
  email_not_confirmed: "unconfirmed",
  over_request_rate_limit: "tooManyAttempts",
};

/** Whether the auth server could not be asked at all. */
function isUnreached(error: AuthFailure | null): boolean {
  return error !== null && (error.status ?? 0) === 0;
}

function signUpFailure(code: string | undefined): AccountResult {
  if (code === "weak_password") return refused("weak", "password");
  if (code === "email_address_invalid") return refused("emailIncomplete", "email");
  if (code === "signup_disabled" || code === "email_provider_disabled") return refused("closed");
  return refused(code === "over_request_rate_limit" ? "tooManyAttempts" : "unreachable");
}

/** The auth server does not say whether a link was used before, is too old, or was never sent. */
function linkProblem({ status, code }: AuthFailure): AccountProblem {
  if (code === "over_request_rate_limit") return "tooManyAttempts";
  return status === undefined || status === 0 || status >= 500 ? "unreachable" : "linkOver";
}

const fields = z.enum(["name", "email", "password"]);

/** The messages of the schemas above, as opposed to zod's own. */
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

/** Another service creates the account, and the first sign-in follows within seconds: both by the auth server's clock. */
function isNew({ created_at, last_sign_in_at }: { created_at: string; last_sign_in_at?: string }): boolean {
  return Date.parse(last_sign_in_at ?? "") - Date.parse(created_at) < FIRST_SIGN_IN_MS;
}

function failed(problem: AccountProblem): Failed {
  return { ok: false, problem };
}
