import { infiniteQueryOptions } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";
import type { TrpcClient } from "@/components/trpc/trpc";
import { trpc } from "@/components/trpc/trpc";
import type { Dream } from "@/server/dreams/dream";

const FIRST: string | null = null;

/** The person's dreams of one status, a page at a time, newest updated first. */
export function dreamsQuery(client: TrpcClient, status: Dream["status"]) {
  const input = { status };
  return infiniteQueryOptions({
    queryKey: getQueryKey(trpc.dreams.list, input, "infinite"),
    queryFn: ({ pageParam, signal }) => client.dreams.list.query({ ...input, cursor: pageParam }, { signal }),
    initialPageParam: FIRST,
    getNextPageParam: (page) => page.nextCursor,
  });
}
