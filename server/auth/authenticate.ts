import type { AuthenticatedUser, VerifyAccessToken } from "./access-token";
import type { ReadCookie, SessionCookie } from "./session-cookie";
import { freshnessOf } from "./session-cookie";
import { AuthUnreachableError } from "./unreachable";

/** Who a request's session cookie belongs to; null when there is none or its access token is not valid. */
export async function authenticate(
  cookie: SessionCookie,
  readCookie: ReadCookie,
  verify: VerifyAccessToken,
): Promise<AuthenticatedUser | null> {
  const tokens = await cookie.read(readCookie);
  return tokens === null ? null : verify(tokens.accessToken);
}

/**
 * As `authenticate`, for callers that cannot show a form to sign in. `now` is in milliseconds since the epoch.
 * @throws {AuthUnreachableError} when the token has expired. proxy.ts renews tokens and removes those that the auth server
 * refuses, so an expired one here means that the auth server could not be reached.
 */
export async function authenticateOrFail(
  cookie: SessionCookie,
  readCookie: ReadCookie,
  { verify, now }: { verify: VerifyAccessToken; now: number },
): Promise<AuthenticatedUser | null> {
  const tokens = await cookie.read(readCookie);
  if (tokens === null) return null;
  const user = await verify(tokens.accessToken);
  if (user === null && tokens.refreshToken !== null && freshnessOf(tokens, now) === "over") {
    throw new AuthUnreachableError();
  }
  return user;
}
