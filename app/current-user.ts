import "server-only";
import { cookies } from "next/headers";
import { cache } from "react";
import type { AuthenticatedUser } from "@/server/auth/access-token";
import { authenticate } from "@/server/auth/authenticate";
import { getDeps } from "@/server/deps";

/** Who the request being served belongs to; null when nobody is signed in. Verified once per request. */
export const getCurrentUser = cache(async (): Promise<AuthenticatedUser | null> => {
  const jar = await cookies();
  return authenticate((name) => jar.get(name)?.value, getDeps().verifyAccessToken);
});

/** Whether there is a demo account to continue as. */
export function isDemoAvailable(): boolean {
  return getDeps().demoEmail !== undefined;
}
