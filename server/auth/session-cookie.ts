import { combineChunks, createChunks, stringFromBase64URL, stringToBase64URL } from "@supabase/ssr";
import { z } from "zod";

/** The name of the cookie that `@supabase/ssr` keeps the session in, in numbered chunks when it is long. */
export const SESSION_COOKIE = "clarify-session";

/** How the session's cookies are kept, whoever writes them. `secure`: whether the person reached us over HTTPS. */
export function sessionCookieOptions(secure: boolean) {
  return { path: "/", sameSite: "lax", httpOnly: true, secure, maxAge: 60 * 60 * 24 * 365 } as const;
}

const session = z.object({
  access_token: z.string(),
  expires_at: z.number(),
  refresh_token: z.string().min(1).nullish(),
});

export interface SessionTokens {
  accessToken: string;
  /** Seconds since the epoch. */
  expiresAt: number;
  /** Null when the session cannot be renewed. */
  refreshToken: string | null;
}

/** Reads one cookie of a request. */
export type ReadCookie = (name: string) => string | undefined;

/**
 * The tokens in the session cookie, unverified. Null when there is no session or the cookie is not one that we wrote.
 * Decoded here rather than by a Supabase client, which would go to the network for an expired session.
 */
export async function readSessionCookie(readCookie: ReadCookie): Promise<SessionTokens | null> {
  const value = await combineChunks(SESSION_COOKIE, readCookie);
  if (!value) return null;
  const parsed = session.safeParse(decode(value));
  if (!parsed.success) return null;
  const { access_token: accessToken, expires_at: expiresAt, refresh_token: refreshToken } = parsed.data;
  return { accessToken, expiresAt, refreshToken: refreshToken ?? null };
}

const BASE64_PREFIX = "base64-";

function decode(value: string): unknown {
  try {
    return JSON.parse(value.startsWith(BASE64_PREFIX) ? stringFromBase64URL(value.slice(BASE64_PREFIX.length)) : value);
  } catch {
    return null; // A cookie is the client's to forge: anything unreadable is no session.
  }
}

/** One cookie to set; with null for its value, to remove. */
export interface CookieChange {
  name: string;
  value: string | null;
}

/** The changes that make a request's cookies hold this session, or none. */
export function sessionCookieChanges(present: readonly string[], renewed: object | null): CookieChange[] {
  const value = renewed && BASE64_PREFIX + stringToBase64URL(JSON.stringify(renewed));
  const chunks = value === null ? [] : createChunks(SESSION_COOKIE, value);
  const kept = new Set(chunks.map(({ name }) => name));
  const left = present.filter((name) => isSessionCookie(name) && !kept.has(name));
  return [...chunks, ...left.map((name) => ({ name, value: null }))];
}

function isSessionCookie(name: string): boolean {
  return (
    name === SESSION_COOKIE || (/^\.\d+$/.test(name.slice(SESSION_COOKIE.length)) && name.startsWith(SESSION_COOKIE))
  );
}

/** A token this close to its expiry may expire while the request is running. */
const MARGIN_SECONDS = 5;
const RENEW_AHEAD_SECONDS = 60;

export type Freshness = "good" | "ending" | "over";

/** Whether the access token is valid, and whether it should be renewed. `now` is in milliseconds since the epoch. */
export function freshnessOf({ expiresAt }: Pick<SessionTokens, "expiresAt">, now: number): Freshness {
  const left = expiresAt - now / 1_000;
  if (left > RENEW_AHEAD_SECONDS) return "good";
  return left > MARGIN_SECONDS ? "ending" : "over";
}
