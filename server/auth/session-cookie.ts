import { combineChunks, stringFromBase64URL } from "@supabase/ssr";
import { z } from "zod";

/** The name of the cookie that `@supabase/ssr` keeps the session in, in numbered chunks when it is long. */
export const SESSION_COOKIE = "clarify-session";

const session = z.object({ access_token: z.string(), expires_at: z.number() });

export interface SessionTokens {
  accessToken: string;
  /** Seconds since the epoch. */
  expiresAt: number;
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
  const json = decode(value);
  const parsed = session.safeParse(json);
  return parsed.success ? { accessToken: parsed.data.access_token, expiresAt: parsed.data.expires_at } : null;
}

const BASE64_PREFIX = "base64-";

function decode(value: string): unknown {
  try {
    return JSON.parse(value.startsWith(BASE64_PREFIX) ? stringFromBase64URL(value.slice(BASE64_PREFIX.length)) : value);
  } catch {
    return null; // A cookie is the client's to forge: anything unreadable is no session.
  }
}

const REFRESH_AHEAD_SECONDS = 60;

/** Whether the access token is expired or about to be. `now` in milliseconds since the epoch. */
export function needsRefresh(tokens: SessionTokens, now: number): boolean {
  return tokens.expiresAt - REFRESH_AHEAD_SECONDS <= now / 1_000;
}
