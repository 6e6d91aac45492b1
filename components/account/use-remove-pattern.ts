import { useCallback } from "react";
import { useRemoval } from "@/components/clarify/sessions/use-removal";
import { withoutItem } from "@/components/trpc/item-pages";
import { trpc } from "@/components/trpc/trpc";
import { useItemLists } from "@/components/trpc/use-item-lists";
import type { Pattern } from "@/server/patterns/router";
import { patternsQuery } from "./patterns-query";

/** Removes a pattern; for a while it can be taken back. */
export function useRemovePattern(): (pattern: Pattern) => void {
  const utils = trpc.useUtils();
  const lists = useItemLists<Pattern>();
  const removeLater = useRemoval();
  return useCallback(
    ({ id }) =>
      removeLater(id, async () => {
        await utils.client.patterns.remove.mutate({ patternId: id });
        await lists.change(patternsQuery(utils.client).queryKey, (pages) => withoutItem(pages, id));
        void utils.clarifyContext.get.invalidate();
      }),
    [utils, lists, removeLater],
  );
}
