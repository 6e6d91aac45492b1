import type { JWTVerifyGetKey } from "jose";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { z } from "zod";

export interface AuthenticatedUser {
  id: string;
  email: string;
  /** The verified access token: the database acts as this person with it. */
  accessToken: string;
}

/** Answers who an access token belongs to; null when it is expired, forged or not a person's. */
export type VerifyAccessToken = (accessToken: string) => Promise<AuthenticatedUser | null>;

const claims = z.object({ sub: z.string().uuid(), email: z.string().email(), role: z.literal("authenticated") });

export interface AccessTokenOptions {
  supabaseUrl: string;
  /** The project's shared HS256 secret; without one, tokens are checked against the project's public keys. */
  jwtSecret: string | undefined;
}

/**
 * Verifies access tokens on this machine, without asking the auth server. Public keys (JWKS) are fetched once and kept.
 * @throws when the public keys cannot be fetched; a bad token is an answer, not an error.
 */
export function createAccessTokenVerifier({ supabaseUrl, jwtSecret }: AccessTokenOptions): VerifyAccessToken {
  const verify = jwtSecret === undefined ? withPublicKeys(supabaseUrl) : withSecret(jwtSecret);
  return async (accessToken) => {
    try {
      const payload = await verify(accessToken);
      const parsed = claims.safeParse(payload);
      return parsed.success ? { id: parsed.data.sub, email: parsed.data.email, accessToken } : null;
    } catch (error) {
      if (isRejection(error)) return null;
      throw error;
    }
  };
}

function withSecret(jwtSecret: string) {
  const key = new TextEncoder().encode(jwtSecret);
  return async (token: string) =>
    (await jwtVerify(token, key, { algorithms: ["HS256"], audience: "authenticated" })).payload;
}

function withPublicKeys(supabaseUrl: string) {
  const keys: JWTVerifyGetKey = createRemoteJWKSet(new URL("/auth/v1/.well-known/jwks.json", supabaseUrl));
  return async (token: string) =>
    (await jwtVerify(token, keys, { algorithms: ["ES256", "RS256"], audience: "authenticated" })).payload;
}

function isRejection(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && error.code !== "ERR_JOSE_GENERIC"
  );
}
