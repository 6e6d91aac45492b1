import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import { getCurrentUser } from "@/server/auth/current-user";
import { getDeps } from "@/server/deps";
import { requestIdOf } from "@/server/telemetry/request-scope";
import type { RequestContext } from "./context";
import { createRequestContext } from "./context";

/** The context of the page being rendered; one per request, however many components ask. */
export const currentRequestContext = cache(async (): Promise<RequestContext> => {
  const requestId = requestIdOf(await headers());
  return createRequestContext(getDeps(), { requestId, user: await getCurrentUser() });
});
