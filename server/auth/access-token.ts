import { createRemoteJWKSet, errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { Clock } from "@/server/clock";
import { AUTH_TIMEOUT_MS } from "./auth-server";
import { AuthUnreachableError } from "./unreachable";

export interface AuthenticatedUser {
  id: string;
  email: string;
  /** The verified access token: the database acts as this person with it. */
  accessToken: string;
  /** Absent where the token names none. */
  session?: TokenSession;
}

/** The session that a token belongs to. Times in seconds since the epoch. */
export interface TokenSession {
  id: string;
  userId: string;
  issuedAt: number;
  expiresAt: number;
}

/** Returns whom an access token belongs to; null when it is expired, forged or not a person's. */
export type VerifyAccessToken = (accessToken: string) => Promise<AuthenticatedUser | null>;

/** With `evenExpired`, a token that has expired is accepted as well. */
export type AccessTokenVerifier = (
  accessToken: string,
  how?: { evenExpired: boolean },
) => Promise<AuthenticatedUser | null>;

const claims = z.object({
  sub: z.guid(),
  email: z.email(),
  role: z.literal("authenticated"),
  iss: z.string().optional(),
  session_id: z.string().max(100).optional(),
  iat: z.number().optional(),
  exp: z.number(),
});

/** Without an end, a token would be good for ever. */
const REQUIRED = { audience: "authenticated", requiredClaims: ["exp"] };

export interface AccessTokenOptions {
  supabaseUrl: string;
  /** Whom a token that names its issuer has to name. */
  issuer: string;
  /** The project's shared HS256 secret; without one, tokens are checked against the project's public keys. */
  jwtSecret: string | undefined;
  clock: Pick<Clock, "elapsed">;
}

/**
 * Verifies access tokens on this machine, without asking the auth server. Public keys (JWKS) are fetched once, kept, and
 * refreshed in the background, so that no valid token waits for the auth server.
 * @throws {AuthUnreachableError} when the public keys were never fetched and cannot be. A bad token does not throw.
 */
export function createAccessTokenVerifier({
  supabaseUrl,
  issuer,
  jwtSecret,
  clock,
}: AccessTokenOptions): AccessTokenVerifier {
  const verify = jwtSecret === undefined ? withPublicKeys(supabaseUrl, clock) : withSecret(jwtSecret);
  return async (accessToken, { evenExpired } = { evenExpired: false }) => {
    try {
      const payload = await verify(accessToken).catch((error: unknown) => {
        // The expiry is checked last, so everything else is in order.
        if (evenExpired && error instanceof errors.JWTExpired) return error.payload;
        throw error;
      });
      const parsed = claims.safeParse(payload);
      if (!parsed.success) return null;
      const { sub: id, email, iss = issuer, session_id: sessionId, iat: issuedAt, exp: expiresAt } = parsed.data;
      if (iss !== issuer) return null;
      if (sessionId === undefined || issuedAt === undefined) return { id, email, accessToken };
      return { id, email, accessToken, session: { id: sessionId, userId: id, issuedAt, expiresAt } };
    } catch (error) {
      if (isRejection(error)) return null;
      throw new AuthUnreachableError({ cause: error });
    }
  };
}

export interface SignOptions {
  userId: string;
  issuer: string;
  jwtSecret: string;
  clock: Pick<Clock, "now">;
}

/** How long a token that this app signs itself is good, in seconds. */
const SIGNED_FOR_S = 60;

/** Signs a token with which the database answers as this person. */
export function signAccessToken({ userId, issuer, jwtSecret, clock }: SignOptions): Promise<string> {
  const issuedAt = Math.floor(clock.now() / 1_000);
  return new SignJWT({ role: "authenticated" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(userId)
    .setAudience(REQUIRED.audience)
    .setIssuer(issuer)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + SIGNED_FOR_S)
    .sign(new TextEncoder().encode(jwtSecret));
}

function withSecret(jwtSecret: string) {
  const key = new TextEncoder().encode(jwtSecret);
  return async (token: string) => (await jwtVerify(token, key, { ...REQUIRED, algorithms: ["HS256"] })).payload;
}

/** How long public keys are used before they are fetched again, in milliseconds, so that a withdrawn key stops working. */
const KEYS_LOOKED_UP_EVERY_MS = 600_000;

function withPublicKeys(supabaseUrl: string, clock: Pick<Clock, "elapsed">) {
  // A token that is signed with an unknown key has them fetched at once.
  const keys = createRemoteJWKSet(new URL("/auth/v1/.well-known/jwks.json", supabaseUrl), {
    timeoutDuration: AUTH_TIMEOUT_MS,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  });
  let lookedUpAt = clock.elapsed();
  return async (token: string) => {
    if (keys.jwks() !== undefined && clock.elapsed() - lookedUpAt > KEYS_LOOKED_UP_EVERY_MS) {
      lookedUpAt = clock.elapsed();
      keys.reload().catch(() => undefined); // Those that are kept go on until the next time.
    }
    return (await jwtVerify(token, keys, { ...REQUIRED, algorithms: ["ES256", "RS256"] })).payload;
  };
}

/** Whether the token itself is invalid, as opposed to the public keys being out of reach. */
function isRejection(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
  return error instanceof errors.JOSEError && error.code !== "ERR_JOSE_GENERIC";
}
