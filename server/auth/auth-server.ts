import { z } from "zod";
import type { Clock } from "@/server/clock";
import type { Asking } from "./asking-for";
import { AuthUnreachableError } from "./unreachable";

/** How long any call of the auth server may take, in milliseconds. Hashing a password takes it a few hundred. */
export const AUTH_TIMEOUT_MS = 3_000;

/** `fetch` with a deadline for the whole answer. */
export const fetchAuth: typeof fetch = (input, init) => {
  const deadline = AbortSignal.timeout(AUTH_TIMEOUT_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  return fetch(input, { ...init, signal, cache: "no-store" });
};

/** The auth server did not do what it was asked. `code` is its name for the reason, else its status. */
export class AuthRefusedError extends Error {
  override name = "AuthRefusedError";
  readonly code: string;

  constructor(what: string, { status, code }: { status: number; code: string | undefined }) {
    super(`The auth server refused to ${what}.`);
    this.code = code ?? `http_${status}`;
  }
}

/** `code` is the name in some answers, and the status as a number in others. */
const named = z.string().optional().catch(undefined);
const refusedAnswer = z.object({ error_code: named, code: named });

/** The auth server's name for why it refused; undefined if it gave none. */
export async function codeOf(response: Response): Promise<string | undefined> {
  const refused = refusedAnswer.safeParse(await response.json().catch(() => null)).data;
  return refused?.error_code ?? refused?.code;
}

const session = z
  .object({ access_token: z.string(), refresh_token: z.string(), expires_in: z.number(), expires_at: z.number() })
  .passthrough();

/** A session as the auth server returns it, which is also the form in the cookie. */
export type AuthSession = z.infer<typeof session>;

/** `refused`: the auth server knows no such session any more. `unreachable`: it could not be asked. */
export type Renewal = { kind: "renewed"; session: AuthSession } | { kind: "refused" } | { kind: "unreachable" };

/** @param asking the visitor on whose behalf the session is renewed */
export type RenewSession = (refreshToken: string, asking?: Asking) => Promise<Renewal>;

interface AuthAddress {
  url: string;
  publishableKey: string;
}

/**
 * Exchanges a refresh token for a session in one request. `supabase.auth` would retry for up to 30 seconds while the
 * person waits. Never rejects.
 */
export function createSessionRenewal({ url, publishableKey }: AuthAddress): RenewSession {
  const address = new URL("/auth/v1/token?grant_type=refresh_token", url);
  return async (refreshToken, asking) => {
    const apikey = asking?.apiKey ?? publishableKey;
    const headers = { apikey, "content-type": "application/json", ...asking?.headers };
    try {
      const body = JSON.stringify({ refresh_token: refreshToken });
      const response = await fetchAuth(address, { method: "POST", headers, body });
      const answer: unknown = await response.json();
      const parsed = session.safeParse(answer);
      if (response.ok && parsed.success) return { kind: "renewed", session: parsed.data };
      return { kind: isRefusal(response.status, answer) ? "refused" : "unreachable" };
    } catch {
      return { kind: "unreachable" };
    }
  };
}

const refusal = z.union([z.object({ error_code: z.string() }), z.object({ error: z.literal("invalid_grant") })]);

/** A 400 or 401 from a gateway, or a rate limit, does not mean that the session has ended. */
function isRefusal(status: number, answer: unknown): boolean {
  return [400, 401, 403, 422].includes(status) && refusal.safeParse(answer).success;
}

/** How often the auth server is asked to end a session, and after which pause in milliseconds. */
const END_ATTEMPTS = 3;
const END_AGAIN_MS = 2_000;

/** Answers that the session, or its person, is not there any more. */
const ENDED = new Set(["session_not_found", "user_not_found"]);

/**
 * Ends the session of an access token at the auth server, so that it can no longer be renewed. Tries three times. A session
 * that the server does not know counts as ended.
 * @throws {AuthUnreachableError} when the auth server cannot be reached.
 * @throws {AuthRefusedError} when it answers anything else.
 */
export async function endSession(
  address: AuthAddress,
  accessToken: string,
  clock: Pick<Clock, "pause">,
): Promise<void> {
  for (let attempt = 1; attempt < END_ATTEMPTS; attempt++) {
    const ended = await askToEnd(address, accessToken).then(
      () => true,
      () => false,
    );
    if (ended) return;
    await clock.pause(END_AGAIN_MS, new AbortController().signal);
  }
  await askToEnd(address, accessToken);
}

async function askToEnd({ url, publishableKey }: AuthAddress, accessToken: string): Promise<void> {
  const headers = { apikey: publishableKey, authorization: `Bearer ${accessToken}` };
  const address = new URL("/auth/v1/logout?scope=local", url);
  const response = await fetchAuth(address, { method: "POST", headers }).catch((cause: unknown) => {
    throw new AuthUnreachableError({ cause });
  });
  const code = await codeOf(response);
  if (response.ok || ENDED.has(code ?? "")) return;
  throw new AuthRefusedError("end a session", { status: response.status, code });
}
