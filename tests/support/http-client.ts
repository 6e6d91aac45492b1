import type { TRPCClient } from "@trpc/client";
import { createTRPCClient, httpBatchStreamLink } from "@trpc/client";
import { sessionCookie } from "@/server/auth/session-cookie";
import { JUST_WROTE_COOKIE } from "@/server/just-wrote";
import type { AppRouter } from "@/server/router";
import { transformer } from "@/server/trpc/transport";
import type { Person } from "./database/person";

/** The cookie of a signed-in person. */
export function cookieOf({ accessToken }: Person): string {
  const session = { access_token: accessToken, expires_at: Math.floor(Date.now() / 1_000) + 3_600 };
  return `${sessionCookie(false).name}=base64-${Buffer.from(JSON.stringify(session)).toString("base64url")}`;
}

/**
 * The router of an app at an address, as a signed-in person's browser calls it.
 * @param justWrote whether they have written within the last moments, which their browser says
 */
export function createHttpClient(
  appUrl: string,
  person: Person,
  justWrote: () => boolean = () => false,
): TRPCClient<AppRouter> {
  const session = cookieOf(person);
  const headers = () => ({ cookie: justWrote() ? `${session}; ${JUST_WROTE_COOKIE}=1` : session });
  return createTRPCClient<AppRouter>({
    links: [httpBatchStreamLink({ url: `${appUrl}/api/trpc`, transformer, headers })],
  });
}
