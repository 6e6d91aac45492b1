import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import type { AuthenticatedUser } from "@/server/auth/access-token";
import { authenticate } from "@/server/auth/authenticate";
import { isSecure } from "@/server/auth/own-origin";
import { sessionCookie } from "@/server/auth/session-cookie";
import { getDeps } from "@/server/deps";

/** The person of the current request; null when nobody is signed in. Verified once per request. */
export const getCurrentUser = cache(async (): Promise<AuthenticatedUser | null> => {
  const { env, verifyAccessToken } = getDeps();
  const jar = await cookies();
  const cookie = sessionCookie(isSecure(await headers(), env));
  return authenticate(cookie, (name) => jar.get(name)?.value, verifyAccessToken);
});

/** Whether visitors may look around in a copy of the demo. */
export function isDemoAvailable(): boolean {
  return getDeps().demo.kind === "ready";
}
