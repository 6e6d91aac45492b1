import type { AuthenticatedUser, VerifyAccessToken } from "./access-token";
import type { ReadCookie } from "./session-cookie";
import { freshnessOf, readSessionCookie } from "./session-cookie";
import { AuthUnreachableError } from "./unreachable";

/** Who a request's session cookie belongs to; null when there is none or its access token is not valid. */
export async function authenticate(
  readCookie: ReadCookie,
  verify: VerifyAccessToken,
): Promise<AuthenticatedUser | null> {
  const tokens = await readSessionCookie(readCookie);
  return tokens === null ? null : verify(tokens.accessToken);
}

/**
 * As `authenticate`, for whom there is no form to show instead.
 * @throws {AuthUnreachableError} when the token is over and could not be renewed: proxy.ts renews what it can, and takes
 * away what the auth server refuses. `now` in milliseconds since the epoch.
 */
export async function authenticateOrFail(
  readCookie: ReadCookie,
  { verify, now }: { verify: VerifyAccessToken; now: number },
): Promise<AuthenticatedUser | null> {
  const tokens = await readSessionCookie(readCookie);
  if (tokens === null) return null;
  const user = await verify(tokens.accessToken);
  if (user === null && tokens.refreshToken !== null && freshnessOf(tokens, now) === "over") {
    throw new AuthUnreachableError();
  }
  return user;
}
