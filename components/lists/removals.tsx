"use client";

import type { ReactNode } from "react";
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { useToast } from "@/components/ui/toasts";
import { useWords } from "@/components/words/words";
import type { RemovalStore } from "./removal-store";
import { createRemovalStore, UNDO_MS } from "./removal-store";

const RemovalsContext = createContext<RemovalStore | null>(null);

/** Keeps the removals that can still be undone, and commits them when the person leaves the page. */
export function RemovalsProvider({ children }: { children: ReactNode }) {
  const [removals] = useState(createRemovalStore);
  useEffect(() => {
    window.addEventListener("pagehide", removals.flush);
    return () => window.removeEventListener("pagehide", removals.flush);
  }, [removals]);
  return <RemovalsContext value={removals}>{children}</RemovalsContext>;
}

export function useRemovals(): RemovalStore {
  const removals = useContext(RemovalsContext);
  if (removals === null) throw new Error("useRemovals needs <RemovalsProvider> above it");
  return removals;
}

/** The ids of the items that lists must not show, because they are removed or about to be. */
export function useRemovedIds(): ReadonlySet<string> {
  const removals = useRemovals();
  return useSyncExternalStore(removals.subscribe, removals.hidden, removals.hidden);
}

/**
 * Hides an item at once, removes it when it can no longer be undone, and shows it again when the removal is refused.
 */
export function useRemoval(): (id: string, remove: () => Promise<void>) => void {
  const toast = useToast();
  const showError = useErrorToast();
  const removals = useRemovals();
  const words = useWords();
  return useCallback(
    (id, remove) => {
      removals.begin(id, async () => {
        try {
          await remove();
        } catch (error) {
          removals.undo(id);
          showError(error);
        }
      });
      const { removed, undo } = words.common;
      toast({ text: removed, durationMs: UNDO_MS, action: { label: undo, run: () => removals.undo(id) } });
    },
    [toast, showError, removals, words],
  );
}
