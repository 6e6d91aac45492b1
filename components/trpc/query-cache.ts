import type { DataTag, QueryClient, QueryKey } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

/**
 * Writes a known change to the query cache. A read under way may have been answered before the change, so it is
 * cancelled, and what is shown is read again. All writes to the query cache use this.
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
  // Cancels at once, although its promise settles later, so nothing can come in between.
  void queryClient.cancelQueries({ queryKey, exact: true });
  queryClient.setQueryData<Data>(queryKey, (data) => update(data));
  if (interrupts || queryClient.getQueryData(queryKey) === undefined) {
    void queryClient.invalidateQueries({ queryKey, exact: true });
  }
}

/** `writeCached` with the page's query client. */
export function useWriteCached() {
  const queryClient = useQueryClient();
  return useCallback(
    <Data>(queryKey: DataTag<QueryKey, Data, unknown>, update: (data: Data | undefined) => Data | undefined) =>
      writeCached(queryClient, queryKey, update),
    [queryClient],
  );
}

/** The routers whose answers a write outdates, by the router of the write. Every write outdates the context. */
const OUTDATED: Readonly<Record<string, readonly string[]>> = {
  account: ["account"],
  dreams: ["dreams", "receipts", "bin", "lookBack"],
  reflections: ["reflections", "receipts", "bin", "lookBack"],
  patterns: ["patterns", "receipts", "bin", "lookBack"],
  knowledge: ["patterns", "dreams", "reflections", "sessions", "messages", "receipts", "bin", "lookBack"],
  bin: ["patterns", "dreams", "reflections", "sessions", "messages", "receipts", "bin", "lookBack"],
  // A dream names the conversation in which it was created.
  sessions: ["sessions", "dreams", "receipts", "bin"],
  // A reply may create a dream.
  messages: ["messages", "sessions", "dreams"],
};

/** They are mutations only because of HTTP, and change nothing that is shown. */
const CHANGING_NOTHING: ReadonlySet<string> = new Set(["messages.prewarm"]);

/**
 * Marks the queries that a write has outdated. Shown queries are fetched again at once, and the promise resolves when
 * they are; in a hidden tab, when it becomes visible.
 */
export async function outdate(queryClient: QueryClient, procedure: string, hidden: boolean): Promise<void> {
  if (CHANGING_NOTHING.has(procedure)) return;
  const [router = ""] = procedure.split(".");
  const keys = [...(OUTDATED[router] ?? []).map((name) => [name]), ["clarifyContext", "get"]];
  const refetchType = hidden ? "none" : "active";
  await Promise.all(keys.map((key) => queryClient.invalidateQueries({ queryKey: [key], refetchType })));
}
