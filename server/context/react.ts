"use client";

import type { FetchQueryOptions, QueryKey, SkipToken } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { BuiltContext } from "./context";

/**
 * The shortest time between two requests for a context that has a missing section or is never warm, in milliseconds.
 */
const PAUSE_MS = 5_000;

/** The context router as tRPC's client presents it to components. */
interface ContextClient<Input, Failure, Key extends QueryKey> {
  get: { queryOptions(input: Input | SkipToken): FetchQueryOptions<BuiltContext, Failure, BuiltContext, Key> };
}

/**
 * Makes the hook that warms a context before it is needed. It takes a hook that returns the context router's client:
 * `createWarmContext(() => useTRPC().context)` with `@trpc/tanstack-react-query`, or `createWarmContext(() =>
 * trpc.useUtils().context)` with `@trpc/react-query`.
 *
 * `useWarmContext()` returns a function that builds the context of an input: on the server, whose cache then holds
 * every section, and in the page. It makes no request while the page's context is warm or on its way, while the tab is
 * hidden, or if the browser is to save data, so it may be called at every keystroke. It never throws.
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
 * How long a context in the page is current, in milliseconds, as its shortest-lived section determines. For the
 * `staleTime` of a query that shows the context.
 */
export function contextStaleTime(query: { state: { data?: { warmForMs: number } | undefined } }): number {
  return Math.max(PAUSE_MS, query.state.data?.warmForMs ?? 0);
}

/** Event handlers for a link or a button that call `warm` on hover, focus and touch. */
export function onIntent(warm: () => void) {
  return { onPointerEnter: warm, onFocus: warm, onTouchStart: warm };
}

/** Whether to fetch anything before it is needed: not in a hidden tab, and not if the browser is to save data. */
export function mayWarm(): boolean {
  return !document.hidden && !savesData(navigator);
}

function savesData(navigator: Navigator & { connection?: unknown }): boolean {
  const { connection } = navigator;
  return (
    typeof connection === "object" && connection !== null && "saveData" in connection && connection.saveData === true
  );
}
