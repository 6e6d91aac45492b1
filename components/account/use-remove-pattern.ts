import { useCallback } from "react";
import { useRemoval } from "@/components/clarify/sessions/use-removal";
import { withoutItem } from "@/components/trpc/item-pages";
import { trpc } from "@/components/trpc/trpc";
import { useWriteCached } from "@/components/trpc/write-cached";
import type { Pattern } from "@/server/patterns/router";
import { patternsQuery } from "./patterns-query";

/** Removes a pattern; for a while it can be taken back. */
export function useRemovePattern(): (pattern: Pattern) => void {
  const utils = trpc.useUtils();
  const write = useWriteCached();
  const removeLater = useRemoval();
  return useCallback(
    ({ id }) =>
      removeLater(id, async () => {
        await utils.client.patterns.remove.mutate({ patternId: id });
        write(patternsQuery(utils.client).queryKey, (pages) => pages && withoutItem(pages, id));
        void utils.clarifyContext.get.invalidate();
      }),
    [utils, write, removeLater],
  );
}
