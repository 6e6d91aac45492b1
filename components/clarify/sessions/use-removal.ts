import { useCallback } from "react";
import { describeError } from "@/components/trpc/describe-error";
import { useToast } from "@/components/ui/toasts";
import { usePageState } from "../page-state";
import { UNDO_MS } from "./removal-store";

/** Hides an item at once, removes it when it can no longer be taken back, and shows it again when that is refused. */
export function useRemoval(): (id: string, remove: () => Promise<void>) => void {
  const toast = useToast();
  const { removals } = usePageState();
  return useCallback(
    (id, remove) => {
      removals.begin(id, async () => {
        try {
          await remove();
        } catch (error) {
          removals.undo(id);
          toast({ text: describeError(error).message, urgent: true });
        }
      });
      toast({ text: "Removed.", durationMs: UNDO_MS, action: { label: "Undo", run: () => removals.undo(id) } });
    },
    [toast, removals],
  );
}
