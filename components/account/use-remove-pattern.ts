import { useCallback } from "react";
import { usePageState } from "@/components/clarify/page-state";
import { UNDO_MS } from "@/components/clarify/sessions/removal-store";
import { describeError } from "@/components/trpc/describe-error";
import { withoutItem } from "@/components/trpc/item-pages";
import { trpc } from "@/components/trpc/trpc";
import { useItemLists } from "@/components/trpc/use-item-lists";
import { useToast } from "@/components/ui/toasts";
import type { Pattern } from "@/server/routers/patterns";
import { patternsQuery } from "./patterns-query";

/** Removes a pattern; for a while it can be taken back. */
export function useRemovePattern(): (pattern: Pattern) => void {
  const utils = trpc.useUtils();
  const lists = useItemLists<Pattern>();
  const toast = useToast();
  const { removals } = usePageState();
  return useCallback(
    ({ id }) => {
      removals.begin(id, async () => {
        try {
          await utils.client.patterns.remove.mutate({ patternId: id });
          await lists.change(patternsQuery(utils.client).queryKey, (pages) => withoutItem(pages, id));
          void utils.clarifyContext.get.invalidate();
        } catch (error) {
          removals.undo(id);
          toast({ text: describeError(error).message, urgent: true });
        }
      });
      toast({ text: "Removed.", durationMs: UNDO_MS, action: { label: "Undo", run: () => removals.undo(id) } });
    },
    [utils, lists, toast, removals],
  );
}
