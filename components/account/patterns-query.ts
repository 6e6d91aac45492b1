import { infiniteQueryOptions } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";
import type { TrpcClient } from "@/components/trpc/trpc";
import { trpc } from "@/components/trpc/trpc";

const FIRST: string | null = null;

/** What was noticed about the person, a page at a time, latest seen first. */
export function patternsQuery(client: TrpcClient) {
  return infiniteQueryOptions({
    queryKey: getQueryKey(trpc.patterns.list, {}, "infinite"),
    queryFn: ({ pageParam, signal }) => client.patterns.list.query({ cursor: pageParam }, { signal }),
    initialPageParam: FIRST,
    getNextPageParam: (page) => page.nextCursor,
  });
}
