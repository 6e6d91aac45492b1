import { useMemo } from "react";
import { createItemActions } from "@/components/lists/item-actions";
import { withItem, withoutItem } from "@/components/lists/item-pages";
import { useRemoval } from "@/components/lists/removals";
import { refusalOf } from "@/components/trpc/errors";
import { newId } from "@/components/trpc/new-id";
import { useTaskQueues } from "@/components/trpc/provider";
import { reflectionsQuery } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { useWords } from "@/components/words/words";
import type { Reflection } from "@/server/reflections/router";
import type { ReflectionDraft, ReflectionProblems } from "./reflection-draft";
import { fieldsOf } from "./reflection-draft";

export type ReflectionActions = ReturnType<typeof useReflectionActions>;

/** The actions on reflections. Each change shows at once, and is reverted when the server refuses it. */
export function useReflectionActions() {
  const utils = trpc.useUtils();
  const write = useWriteCached();
  const showError = useErrorToast();
  const removeLater = useRemoval();
  const queues = useTaskQueues();
  const words = useWords();

  return useMemo(() => {
    const { queryKey } = reflectionsQuery(utils.client);
    const items = createItemActions<Reflection>(queues, {
      show: (reflection) => write(queryKey, (pages) => pages && withItem(pages, reflection, isNewer)),
      hide: (id) => write(queryKey, (pages) => pages && withoutItem(pages, id)),
      refresh: () => void utils.reflections.list.invalidate(),
      onChanged: () => void utils.clarifyContext.get.invalidate(),
    });

    function create(draft: ReflectionDraft): Promise<ReflectionProblems | null> {
      const id = newId();
      const fields = fieldsOf(draft);
      const now = new Date().toISOString();
      return refusalOf(
        items.create({ id, paused: false, ...fields, createdAt: now, updatedAt: now }, () =>
          utils.client.reflections.create.mutate({ id, ...fields }),
        ),
        words,
      );
    }

    function update(reflection: Reflection, draft: ReflectionDraft): Promise<ReflectionProblems | null> {
      const { id: reflectionId } = reflection;
      const fields = fieldsOf(draft);
      return refusalOf(
        items.update(reflection, { ...reflection, ...fields }, () =>
          utils.client.reflections.update.mutate({ reflectionId, ...fields }),
        ),
        words,
      );
    }

    function setPaused(reflection: Reflection, paused: boolean): Promise<void> {
      return items
        .update(reflection, { ...reflection, paused }, () =>
          utils.client.reflections.setPaused.mutate({ reflectionId: reflection.id, paused }),
        )
        .catch(showError);
    }

    function remove({ id }: Reflection) {
      removeLater({ kind: "reflection", id }, () =>
        items.remove(id, () => utils.client.reflections.remove.mutate({ reflectionId: id })),
      );
    }

    return { create, update, setPaused, remove };
  }, [utils, queues, write, showError, removeLater, words]);
}

function isNewer(reflection: Reflection, other: Reflection): boolean {
  return reflection.createdAt >= other.createdAt;
}
