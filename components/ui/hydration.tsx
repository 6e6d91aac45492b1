"use client";

import type { ReactNode } from "react";
import { useSyncExternalStore } from "react";

/**
 * Shows the fallback until the page is hydrated. Prefetched data streams in after the HTML, so what depends on it
 * (or on the clock and the time zone) would differ between the two renders; here it cannot.
 */
export function AfterHydration({ fallback, children }: { fallback: ReactNode; children: ReactNode }) {
  return useHydrated() ? children : fallback;
}

const never = () => () => {};

/** False on the server and in the render that hydrates its HTML; true ever after. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
