import "server-only";
import { createHydrationHelpers } from "@trpc/react-query/rsc";
import { cache } from "react";
import { createQueryClient } from "@/components/trpc/query-client";
import type { AppRouter } from "@/server/router";
import { createCaller } from "@/server/router";
import { currentRequestContext } from "./page-context";

/**
 * The router for pages: `void trpc.….prefetch()` starts a query, and `HydrateClient` passes its promise to the browser.
 */
export const { trpc, HydrateClient } = createHydrationHelpers<AppRouter>(
  createCaller(currentRequestContext),
  cache(createQueryClient),
);
