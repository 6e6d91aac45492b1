import { combineChunks, createChunks, stringFromBase64URL, stringToBase64URL } from "@supabase/ssr";
import { z } from "zod";

/**
 * How the session is kept in cookies: in numbered chunks when it is long, as `@supabase/ssr` does it.
 * @param secure whether the person reached us over HTTPS. The cookie's name then has the prefix `__Host-`, which no page of
 * another subdomain can set.
 */
export function sessionCookie(secure: boolean) {
  const name = secure ? "__Host-clarify-session" : "clarify-session";
  const isPart = (other: string) =>
    other === name || (other.startsWith(name) && /^\.\d+$/.test(other.slice(name.length)));

  return {
    name,
    /** How the cookies are kept, whoever writes them. */
    options: { path: "/", sameSite: "lax", httpOnly: true, secure, maxAge: 60 * 60 * 24 * 365 } as const,

    /**
     * The tokens in the session cookie, unverified. Null when there is no session or the cookie is not one that we wrote.
     * Decoded here rather than by a Supabase client, which would go to the network for an expired session.
     */
    async read(readCookie: ReadCookie): Promise<SessionTokens | null> {
      const value = await combineChunks(name, readCookie);
      if (!value) return null;
      const parsed = session.safeParse(decode(value));
      if (!parsed.success) return null;
      const { access_token: accessToken, expires_at: expiresAt, refresh_token: refreshToken } = parsed.data;
      return { accessToken, expiresAt, refreshToken: refreshToken ?? null };
    },

    /** The changes that make a request's cookies hold this session, or none. */
    changes(present: readonly string[], renewed: object | null): CookieChange[] {
      const value = renewed && BASE64_PREFIX + stringToBase64URL(JSON.stringify(renewed));
      const chunks = value === null ? [] : createChunks(name, value);
      const kept = new Set(chunks.map((chunk) => chunk.name));
      const left = present.filter((other) => isPart(other) && !kept.has(other));
      return [...chunks, ...left.map((other) => ({ name: other, value: null }))];
    },
  };
}

export type SessionCookie = ReturnType<typeof sessionCookie>;

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
