import "server-only";
import { cache } from "react";
import { createQueryClient } from "@/components/trpc/query-client";
import { createServerTrpc } from "@/server/trpc/rsc";

/** The router for pages: `void trpc.….prefetch()` starts a query, `HydrateClient` hands its promise to the browser. */
export const { trpc, HydrateClient } = createServerTrpc(cache(createQueryClient));
