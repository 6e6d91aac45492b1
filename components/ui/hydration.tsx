"use client";

import type { ReactNode } from "react";
import { useSyncExternalStore } from "react";

/**
 * Shows the fallback until the page is hydrated. Prefetched data streams in after the HTML, so content that depends on
 * it, on the clock or on the time zone could differ between the two renders.
 */
export function AfterHydration({ fallback, children }: { fallback: ReactNode; children: ReactNode }) {
  return useHydrated() ? children : fallback;
}

const never = () => () => {};

/** False on the server and in the hydrating render; true afterwards. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
