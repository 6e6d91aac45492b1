import "server-only";
import type { QueryClient } from "@tanstack/react-query";
import { createHydrationHelpers } from "@trpc/react-query/rsc";
import { currentRequestContext } from "./current-request";
import type { AppRouter } from "./root";
import { createCaller } from "./root";

/** The router for server components: call it, or prefetch into the query client that hydrates the page. */
export function createServerTrpc(getQueryClient: () => QueryClient) {
  return createHydrationHelpers<AppRouter>(createCaller(currentRequestContext), getQueryClient);
}
