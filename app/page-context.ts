import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import { getDeps } from "@/server/deps";
import { requestIdOf } from "@/server/telemetry/request-scope";
import type { RequestContext } from "@/server/trpc/context";
import { createRequestContext } from "@/server/trpc/context";
import { getCurrentUser } from "./current-user";

/** The context of the page being rendered, one per request. */
export const currentRequestContext = cache(async (): Promise<RequestContext> => {
  const requestId = requestIdOf(await headers());
  return createRequestContext(getDeps(), { requestId, user: await getCurrentUser() });
});
