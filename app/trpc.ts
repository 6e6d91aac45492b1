import "server-only";
import { createHydrationHelpers } from "@trpc/react-query/rsc";
import { cache } from "react";
import { createQueryClient } from "@/components/trpc/query-client";
import type { AppRouter } from "@/server/router";
import { createCaller } from "@/server/router";
import { currentRequestContext } from "./page-context";

const caller = createCaller(currentRequestContext);

/**
 * The router for pages: `void trpc.….prefetch()` starts a query, and `HydrateClient` passes its promise to the browser.
 */
export const { trpc, HydrateClient } = createHydrationHelpers<AppRouter>(caller, cache(createQueryClient));

/**
 * The same with a query client that nothing else uses. So the layout, which may be rendered before or after the page, does not pass
 * its queries on as well, in another state.
 */
export function ownHydration() {
  const queryClient = createQueryClient();
  return { queryClient, ...createHydrationHelpers<AppRouter>(caller, () => queryClient) };
}
