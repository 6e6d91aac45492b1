import { infiniteQueryOptions } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";
import type { TrpcClient } from "@/components/trpc/trpc";
import { trpc } from "@/components/trpc/trpc";

const FIRST: string | null = null;

/** The person's reflections, a page at a time, newest first. */
export function reflectionsQuery(client: TrpcClient) {
  return infiniteQueryOptions({
    queryKey: getQueryKey(trpc.reflections.list, {}, "infinite"),
    queryFn: ({ pageParam, signal }) => client.reflections.list.query({ cursor: pageParam }, { signal }),
    initialPageParam: FIRST,
    getNextPageParam: (page) => page.nextCursor,
  });
}
