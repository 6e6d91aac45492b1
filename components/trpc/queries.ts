import type { InfiniteData } from "@tanstack/react-query";
import { infiniteQueryOptions, keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";
import type { Message } from "@/server/conversation/events";
import type { Page } from "@/server/database/keyset";
import type { Dream } from "@/server/dreams/dream";
import type { Session } from "@/server/sessions/router";
import { readGrowing } from "./growing-pages";
import type { TrpcClient } from "./trpc";
import { trpc } from "./trpc";

const FIRST_PAGE: string | null = null;

/** The options of every list: one page at a time, with the cursor of the next. */
const PAGED = {
  initialPageParam: FIRST_PAGE,
  getNextPageParam: (page: { nextCursor: string | null }) => page.nextCursor,
};

/** The person's conversations of one status, newest message first. */
export function sessionsQuery(client: TrpcClient, status: Session["status"]) {
  const input = { status };
  return infiniteQueryOptions({
    queryKey: getQueryKey(trpc.sessions.list, input, "infinite"),
    queryFn: ({ pageParam, signal }) => client.sessions.list.query({ ...input, cursor: pageParam }, { signal }),
    ...PAGED,
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

/** Messages of all conversations that contain every word of a search, newest first. */
export function messageSearchQuery(client: TrpcClient, search: string) {
  const input = { search };
  return infiniteQueryOptions({
    queryKey: getQueryKey(trpc.sessions.search, input, "infinite"),
    queryFn: ({ pageParam, signal }) => client.sessions.search.query({ ...input, cursor: pageParam }, { signal }),
    ...PAGED,
  });
}

/** How many older messages are read at once. A message that a search found may be far back. */
const OLDER_AT_ONCE = 100;

/** The messages of a conversation. The first page holds the newest; within a page the oldest is first. */
export function messagesQuery(client: TrpcClient, sessionId: string) {
  const input = { sessionId };
  const queryKey = getQueryKey(trpc.messages.list, input, "infinite");
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal, client: queryClient }) =>
      readGrowing(queryClient.getQueryData<InfiniteData<Page<Message>>>(queryKey), pageParam, () =>
        client.messages.list.query(
          { ...input, cursor: pageParam, ...(pageParam !== null && { limit: OLDER_AT_ONCE }) },
          { signal },
        ),
      ),
    ...PAGED,
  });
}

/** The person's dreams of one status, newest updated first. */
export function dreamsQuery(client: TrpcClient, status: Dream["status"]) {
  const input = { status };
  return infiniteQueryOptions({
    queryKey: getQueryKey(trpc.dreams.list, input, "infinite"),
    queryFn: ({ pageParam, signal }) => client.dreams.list.query({ ...input, cursor: pageParam }, { signal }),
    ...PAGED,
  });
}

/** The person's reflections, newest first. */
export function reflectionsQuery(client: TrpcClient) {
  return infiniteQueryOptions({
    queryKey: getQueryKey(trpc.reflections.list, {}, "infinite"),
    queryFn: ({ pageParam, signal }) => client.reflections.list.query({ cursor: pageParam }, { signal }),
    ...PAGED,
  });
}

/** The patterns of the person, last seen first. */
export function patternsQuery(client: TrpcClient) {
  return infiniteQueryOptions({
    queryKey: getQueryKey(trpc.patterns.list, {}, "infinite"),
    queryFn: ({ pageParam, signal }) => client.patterns.list.query({ cursor: pageParam }, { signal }),
    ...PAGED,
  });
}

/** What the person has removed, latest first. */
export function binQuery(client: TrpcClient) {
  return infiniteQueryOptions({
    queryKey: getQueryKey(trpc.bin.list, {}, "infinite"),
    queryFn: ({ pageParam, signal }) => client.bin.list.query({ cursor: pageParam }, { signal }),
    ...PAGED,
  });
}

/** The signed-in person's own account. */
export function accountQuery(client: TrpcClient) {
  return queryOptions({
    queryKey: getQueryKey(trpc.account.get, undefined, "query"),
    queryFn: ({ signal }) => client.account.get.query(undefined, { signal }),
    // Only the person changes it, and every tab reports the change.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/**
 * The summary of the beginning of a long conversation. It may change with each exchange, so the person's newest message is in
 * its key.
 */
export function runningSummaryQuery(client: TrpcClient, sessionId: string, askedId: string | undefined) {
  const input = { sessionId };
  return queryOptions({
    queryKey: [...getQueryKey(trpc.messages.summary, input, "query"), askedId],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => client.messages.summary.query(input, { signal }),
  });
}

/**
 * How the items that a conversation's replies drew on are called. The receipts of the replies are in its key. Read whenever a
 * conversation is opened, because the items change on other pages.
 */
export function receiptsQuery(client: TrpcClient, sessionId: string, wanted: readonly string[]) {
  const input = { sessionId };
  return queryOptions({
    queryKey: [...getQueryKey(trpc.receipts.list, input, "query"), wanted],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => client.receipts.list.query(input, { signal }),
    staleTime: 0,
  });
}

/** How many of the model's tokens the person has used today. */
export function tokensTodayQuery(client: TrpcClient) {
  return queryOptions({
    queryKey: getQueryKey(trpc.account.tokensToday, undefined, "query"),
    queryFn: ({ signal }) => client.account.tokensToday.query(undefined, { signal }),
  });
}

export function useAccount() {
  return useQuery(accountQuery(trpc.useUtils().client));
}
