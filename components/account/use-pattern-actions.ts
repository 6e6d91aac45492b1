import { useMemo } from "react";
import { createItemActions } from "@/components/lists/item-actions";
import { withItem, withoutItem } from "@/components/lists/item-pages";
import { useRemoval } from "@/components/lists/removals";
import { useTaskQueues } from "@/components/trpc/provider";
import { patternsQuery } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import type { Pattern } from "@/server/patterns/router";

export type PatternActions = ReturnType<typeof usePatternActions>;

/** The actions on patterns. Each change shows at once, and is reverted when the server refuses it. */
export function usePatternActions() {
  const utils = trpc.useUtils();
  const write = useWriteCached();
  const showError = useErrorToast();
  const removeLater = useRemoval();
  const queues = useTaskQueues();

  return useMemo(() => {
    const { queryKey } = patternsQuery(utils.client);
    const items = createItemActions<Pattern>(queues, {
      show: (pattern) => write(queryKey, (pages) => pages && withItem(pages, pattern, wasSeenLater)),
      hide: (id) => write(queryKey, (pages) => pages && withoutItem(pages, id)),
      refresh: () => void utils.patterns.list.invalidate(),
      onChanged: () => void utils.clarifyContext.get.invalidate(),
    });

    return {
      reword: (pattern: Pattern, content: string) =>
        items
          .update(pattern, { ...pattern, content }, () =>
            utils.client.patterns.update.mutate({ patternId: pattern.id, content }),
          )
          .catch(showError),
      setPaused: (pattern: Pattern, paused: boolean) =>
        items
          .update(pattern, { ...pattern, paused }, () =>
            utils.client.patterns.setPaused.mutate({ patternId: pattern.id, paused }),
          )
          .catch(showError),
      remove: ({ id }: Pattern) =>
        removeLater({ kind: "pattern", id }, () =>
          items.remove(id, () => utils.client.patterns.remove.mutate({ patternId: id })),
        ),
    };
  }, [utils, queues, write, showError, removeLater]);
}

function wasSeenLater(pattern: Pattern, other: Pattern): boolean {
  return pattern.lastSeenAt >= other.lastSeenAt;
}
