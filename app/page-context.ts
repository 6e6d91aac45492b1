import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { getDeps } from "@/server/deps";
import { JUST_WROTE_COOKIE } from "@/server/just-wrote";
import { requestIdOf } from "@/server/telemetry/request-scope";
import type { RequestContext } from "@/server/trpc/context";
import { createRequestContext } from "@/server/trpc/context";
import { getCurrentUser } from "./current-user";

/** The context of the page being rendered, one per request. */
export const currentRequestContext = cache(async (): Promise<RequestContext> => {
  const requestId = requestIdOf(await headers());
  const justWrote = (await cookies()).has(JUST_WROTE_COOKIE);
  return createRequestContext(getDeps(), { requestId, justWrote, user: await getCurrentUser() });
});
