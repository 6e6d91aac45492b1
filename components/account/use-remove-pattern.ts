import { useCallback } from "react";
import { withoutItem } from "@/components/lists/item-pages";
import { useRemoval } from "@/components/lists/removals";
import { patternsQuery } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import type { Pattern } from "@/server/patterns/router";

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
