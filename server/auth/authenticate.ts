import type { AuthenticatedUser, VerifyAccessToken } from "./access-token";
import type { ReadCookie } from "./session-cookie";
import { readSessionCookie } from "./session-cookie";

/** Who a request's session cookie belongs to; null when there is none or its access token is not valid. */
export async function authenticate(
  readCookie: ReadCookie,
  verify: VerifyAccessToken,
): Promise<AuthenticatedUser | null> {
  const tokens = await readSessionCookie(readCookie);
  return tokens === null ? null : verify(tokens.accessToken);
}
