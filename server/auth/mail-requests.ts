import { z } from "zod";
import type { BackgroundRunner } from "@/server/cache";
import type { Clock } from "@/server/clock";
import { AUTH_TIMEOUT_MS, codeOf } from "./auth-server";

/** How long the auth server may take to send a mail, in milliseconds. No answer waits for it. */
const MAIL_TIMEOUT_MS = 15_000;

/** Why a mail was not sent. `lost`: the auth server hung up or could not be reached. */
export interface MailFailure {
  reason: "refused" | "rate_limited" | "timeout" | "lost";
  status?: number | undefined;
  code?: string | undefined;
}

interface MailRequests {
  background: BackgroundRunner;
  /** Called once for each mail that was not sent for a reason that does not concern one person. */
  onFailure: (failure: MailFailure) => void;
}

/** The refusals that concern one person: there is no account with this address, or it cannot be sent mail. */
const PERSONAL_REFUSALS = new Set(["otp_disabled", "user_not_found", "user_banned", "email_address_invalid"]);

/**
 * A `fetch` that answers `{}` at once and sends the request in the background, because its duration and its status would
 * show whether an account exists.
 */
export function fetchInBackground({ background, onFailure }: MailRequests): typeof fetch {
  return async (input, init) => {
    background.run("send mail", async () => {
      try {
        const response = await fetchMail(input, init);
        const code = response.ok ? undefined : await codeOf(response);
        if (!response.ok && !PERSONAL_REFUSALS.has(code ?? "")) onFailure(refusalOf(response, code));
      } catch (error) {
        onFailure(lossOf(error));
      }
    });
    return Response.json({});
  };
}

interface SignUpRequests extends MailRequests {
  clock: Pick<Clock, "pause">;
  /** Called if the address has an account, or if the account was opened too late for its session to reach the visitor. */
  onExisting: () => Promise<void>;
}

/** The refusals of a sign-up that do not depend on whether the address has an account. */
const TOLD = new Set([
  "weak_password",
  "email_address_invalid",
  "signup_disabled",
  "email_provider_disabled",
  "over_request_rate_limit",
  "captcha_failed",
  "no_authorization",
]);

/** Statuses of what stands before the auth server, which does not look at the address. */
const GATEWAY = new Set([401, 404, 502, 503]);

const NOTHING_TO_TELL = {};

/**
 * A `fetch` for sign-ups. The auth server sends a mail to a new address before it answers, and none to a known one. So
 * whatever could come of the mail (a refusal, a rate limit, a late answer) becomes an empty answer, as for a mail that was
 * sent. Rejects only if the auth server cannot be reached at all.
 */
export function fetchSignUp({ background, onFailure, onExisting, clock }: SignUpRequests): typeof fetch {
  return async (input, init) => {
    const asked = fetchMail(input, init).then(told);
    const waiting = new AbortController();
    const late = clock.pause(AUTH_TIMEOUT_MS, waiting.signal).then(() => null);
    try {
      const inTime = await Promise.race([asked, late]);
      if (inTime !== null) return inTime;
    } catch (error) {
      if (!HUNG_UP.has(causeCode(error) ?? "")) throw error;
      onFailure(lossOf(error));
      return Response.json(NOTHING_TO_TELL);
    } finally {
      waiting.abort();
    }
    background.run("sign up", async () => {
      try {
        if (lateSession.safeParse(await (await asked).json()).success) await onExisting();
      } catch (error) {
        onFailure(lossOf(error));
      }
    });
    return Response.json(NOTHING_TO_TELL);
  };

  async function told(response: Response): Promise<Response> {
    if (response.ok) {
      const body: unknown = await response.clone().json();
      if (knownUser.safeParse(body).success) await onExisting();
      return response;
    }
    const code = await codeOf(response.clone());
    if (TOLD.has(code ?? "") || (code === undefined && GATEWAY.has(response.status))) return response;
    if (code === "user_already_exists" || code === "email_exists") await onExisting();
    else onFailure(refusalOf(response, code));
    return Response.json(NOTHING_TO_TELL);
  }
}

/** The answer of a project that confirms addresses if the address has an account. */
const knownUser = z.object({ identities: z.array(z.unknown()).length(0) });
const lateSession = z.object({ access_token: z.string() });

/** Errors of a connection that ended after the request was sent. */
const HUNG_UP = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

function fetchMail(input: Parameters<typeof fetch>[0], init: RequestInit | undefined): Promise<Response> {
  return fetch(input, { ...init, signal: AbortSignal.timeout(MAIL_TIMEOUT_MS), cache: "no-store" });
}

function refusalOf({ status }: Response, code: string | undefined): MailFailure {
  return { reason: code === "over_email_send_rate_limit" ? "rate_limited" : "refused", status, code };
}

function lossOf(error: unknown): MailFailure {
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  return { reason: timedOut ? "timeout" : "lost", code: causeCode(error) };
}

const failedFetch = z.object({ cause: z.object({ code: z.string() }) });

function causeCode(error: unknown): string | undefined {
  return failedFetch.safeParse(error).data?.cause.code;
}
