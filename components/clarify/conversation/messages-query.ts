import { infiniteQueryOptions } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";
import type { TrpcClient } from "@/components/trpc/trpc";
import { trpc } from "@/components/trpc/trpc";

const NEWEST: string | null = null;

/** The messages of a conversation, a page at a time, going back. */
export function messagesQuery(client: TrpcClient, sessionId: string) {
  const input = { sessionId };
  return infiniteQueryOptions({
    queryKey: getQueryKey(trpc.messages.list, input, "infinite"),
    queryFn: ({ pageParam, signal }) => client.messages.list.query({ ...input, cursor: pageParam }, { signal }),
    initialPageParam: NEWEST,
    getNextPageParam: (page) => page.nextCursor,
  });
}
