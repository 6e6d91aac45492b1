"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { createContext, useCallback, useContext, useState, useSyncExternalStore } from "react";
import { outdate } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { useToast } from "@/components/ui/toasts";
import { useWords } from "@/components/words/words";
import type { BinKey } from "@/server/bin/bin";
import type { RemovalStore } from "./removal-store";
import { createRemovalStore } from "./removal-store";

const RemovalsContext = createContext<RemovalStore | null>(null);

/** Knows what is being removed. */
export function RemovalsProvider({ children }: { children: ReactNode }) {
  const [removals] = useState(createRemovalStore);
  return <RemovalsContext value={removals}>{children}</RemovalsContext>;
}

function useRemovals(): RemovalStore {
  const removals = useContext(RemovalsContext);
  if (removals === null) throw new Error("useRemovals needs <RemovalsProvider> above it");
  return removals;
}

/** The ids of the items that lists must not show, because they are being removed. */
export function useRemovedIds(): ReadonlySet<string> {
  const removals = useRemovals();
  return useSyncExternalStore(removals.subscribe, removals.hidden, removals.hidden);
}

/**
 * Hides an item at once and removes it. It is then in the bin, from which the toast restores it, however long it is shown.
 * If the removal fails, the item is shown again.
 */
export function useRemoval(): (item: BinKey, remove: () => Promise<unknown>) => void {
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const toast = useToast();
  const showError = useErrorToast();
  const removals = useRemovals();
  const { common } = useWords();

  return useCallback(
    (item, remove) => {
      /** Resolves with whether it succeeded, when everything that is shown has been read again. */
      async function carryOut(change: () => Promise<unknown>): Promise<boolean> {
        try {
          await change();
        } catch (error) {
          showError(error);
          return false;
        }
        await outdate(queryClient, "bin.restore", false);
        return true;
      }

      removals.hide(item.id);
      const removing = carryOut(remove).finally(() => removals.show(item.id));
      const undo = async () => (await removing) && carryOut(() => client.bin.restore.mutate(item));
      toast({ text: common.removed, action: { label: common.undo, run: () => void undo() } });
    },
    [client, queryClient, toast, showError, removals, common],
  );
}
