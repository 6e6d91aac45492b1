"use client";

import type { FetchQueryOptions, QueryKey, SkipToken } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { BuiltContext } from "./context";

/** A context that holds a section which could not be read, or is read anew all the time, is asked for this seldom. */
const PAUSE_MS = 5_000;

/** The context router as the client of tRPC shows it to components. */
interface ContextClient<Input, Failure, Key extends QueryKey> {
  get: { queryOptions(input: Input | SkipToken): FetchQueryOptions<BuiltContext, Failure, BuiltContext, Key> };
}

/**
 * Makes the hook that has a context ready before it is needed. It takes a hook that returns the context router's
 * client: `createWarmContext(() => useTRPC().context)` with `@trpc/tanstack-react-query`, or
 * `createWarmContext(() => trpc.useUtils().context)` with `@trpc/react-query`.
 *
 * `useWarmContext()` returns a function that has the context of an input built: on the server, whose cache then holds
 * every section, and in the page. It makes no request while the context that the page holds is warm or under way, while
 * the tab is hidden, or where the browser is to save data; so call it as often as you like, at every keystroke for one.
 * It never throws.
 */
export function createWarmContext<Input, Failure, Key extends QueryKey>(
  useContextClient: () => ContextClient<Input, Failure, Key>,
): () => (input: Input) => void {
  return function useWarmContext() {
    const context = useContextClient();
    const queryClient = useQueryClient();
    return useCallback(
      (input) => {
        if (!mayWarm()) return;
        const options = context.get.queryOptions(input);
        const failedAt = queryClient.getQueryState(options.queryKey)?.errorUpdatedAt ?? 0;
        if (Date.now() - failedAt < PAUSE_MS) return;
        void queryClient.prefetchQuery({ ...options, staleTime: contextStaleTime });
      },
      [context, queryClient],
    );
  };
}

/**
 * For how long a context that the page holds is current, in milliseconds, as its shortest-lived section has it. For the
 * `staleTime` of a query that shows the context.
 */
export function contextStaleTime(query: { state: { data?: { warmForMs: number } | undefined } }): number {
  return Math.max(PAUSE_MS, query.state.data?.warmForMs ?? 0);
}

/** Handlers for a link or a button: pointing at it, reaching it with the keyboard and touching it announce its use. */
export function onIntent(warm: () => void) {
  return { onPointerEnter: warm, onFocus: warm, onTouchStart: warm };
}

/** Whether to fetch anything ahead of need: never in a hidden tab, nor where the browser is to save data. */
export function mayWarm(): boolean {
  return !document.hidden && !savesData(navigator);
}

function savesData(navigator: Navigator & { connection?: unknown }): boolean {
  const { connection } = navigator;
  return (
    typeof connection === "object" && connection !== null && "saveData" in connection && connection.saveData === true
  );
}
