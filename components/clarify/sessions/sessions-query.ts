import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";
import type { TrpcClient } from "@/components/trpc/trpc";
import { trpc } from "@/components/trpc/trpc";
import type { Session } from "@/server/sessions/router";

const FIRST: string | null = null;

/** The person's conversations of one status, a page at a time, newest first. */
export function sessionsQuery(client: TrpcClient, status: Session["status"]) {
  const input = { status };
  return infiniteQueryOptions({
    queryKey: getQueryKey(trpc.sessions.list, input, "infinite"),
    queryFn: ({ pageParam, signal }) => client.sessions.list.query({ ...input, cursor: pageParam }, { signal }),
    initialPageParam: FIRST,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** One conversation, without its messages. */
export function sessionQuery(client: TrpcClient, sessionId: string) {
  const input = { sessionId };
  return queryOptions({
    queryKey: getQueryKey(trpc.sessions.get, input, "query"),
    queryFn: ({ signal }) => client.sessions.get.query(input, { signal }),
  });
}
