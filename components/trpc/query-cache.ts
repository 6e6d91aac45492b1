import type { DataTag, QueryClient, QueryKey } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

/**
 * Writes to the query cache what the page knows better than a read that is under way: the read may have been answered before
 * the change, so it is cancelled, and read again where it is shown. Every write of ours goes through here.
 *
 * @param update the new data from the old; without old data it may return `undefined`, and what is shown is read again
 */
export function writeCached<Data>(
  queryClient: QueryClient,
  queryKey: DataTag<QueryKey, Data, unknown>,
  update: (data: Data | undefined) => Data | undefined,
): void {
  const state = queryClient.getQueryState(queryKey);
  const interrupts = state !== undefined && state.fetchStatus !== "idle";
  // Reverts the query at once, and only its promise is settled later: nothing can come in between.
  void queryClient.cancelQueries({ queryKey, exact: true });
  queryClient.setQueryData<Data>(queryKey, (data) => update(data));
  if (interrupts || queryClient.getQueryData(queryKey) === undefined) {
    void queryClient.invalidateQueries({ queryKey, exact: true });
  }
}

/** `writeCached` for the page's own query client. */
export function useWriteCached() {
  const queryClient = useQueryClient();
  return useCallback(
    <Data>(queryKey: DataTag<QueryKey, Data, unknown>, update: (data: Data | undefined) => Data | undefined) =>
      writeCached(queryClient, queryKey, update),
    [queryClient],
  );
}

/** Which routers' answers a write outdates, by the router that it went to. The context is outdated by all of them. */
const OUTDATED: Readonly<Record<string, readonly string[]>> = {
  account: ["account"],
  dreams: ["dreams"],
  reflections: ["reflections"],
  patterns: ["patterns"],
  // Where a dream came from goes with the conversation.
  sessions: ["sessions", "dreams"],
  // A reply may keep a dream.
  messages: ["messages", "sessions", "dreams"],
};

/** They are mutations for the sake of HTTP, and change nothing that is shown. */
const CHANGING_NOTHING: ReadonlySet<string> = new Set(["messages.prewarm"]);

/**
 * Marks what a write elsewhere has made untrue. What is on the page is fetched again at once; in a hidden tab, when
 * somebody returns to it.
 */
export function outdate(queryClient: QueryClient, procedure: string, hidden: boolean): void {
  if (CHANGING_NOTHING.has(procedure)) return;
  const [router = ""] = procedure.split(".");
  const keys = [...(OUTDATED[router] ?? []).map((name) => [name]), ["clarifyContext", "get"]];
  for (const key of keys) {
    void queryClient.invalidateQueries({ queryKey: [key], refetchType: hidden ? "none" : "active" });
  }
}
