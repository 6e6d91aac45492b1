"use client";

import type { ReactNode } from "react";
import { useHydrated } from "./use-hydrated";

/**
 * Shows the fallback until the page is hydrated. Prefetched data streams in after the HTML, so what depends on it
 * (or on the clock and the time zone) would differ between the two renders; here it cannot.
 */
export function AfterHydration({ fallback, children }: { fallback: ReactNode; children: ReactNode }) {
  return useHydrated() ? children : fallback;
}
