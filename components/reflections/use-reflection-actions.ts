import { useMemo } from "react";
import { withItem, withoutItem } from "@/components/lists/item-pages";
import { useRemoval } from "@/components/lists/removals";
import { createTaskQueues } from "@/components/lists/task-queues";
import { refusedForm } from "@/components/trpc/errors";
import { newId } from "@/components/trpc/new-id";
import { reflectionsQuery } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import type { Reflection } from "@/server/reflections/router";
import type { ReflectionDraft, ReflectionProblems } from "./reflection-draft";
import { fieldsOf } from "./reflection-draft";

export type ReflectionActions = ReturnType<typeof useReflectionActions>;

/** What can be done with a reflection. Each shows at once, and is taken back when the server refuses it. */
export function useReflectionActions() {
  const utils = trpc.useUtils();
  const write = useWriteCached();
  const removeLater = useRemoval();

  return useMemo(() => {
    const enqueue = createTaskQueues();
    const { queryKey } = reflectionsQuery(utils.client);

    const show = (reflection: Reflection) => write(queryKey, (pages) => pages && withItem(pages, reflection, isNewer));
    const hide = (id: string) => write(queryKey, (pages) => pages && withoutItem(pages, id));

    /** Shows the reflection as it will be, saves it, and shows what the server made of it. Throws when it was refused. */
    async function save(ahead: Reflection, request: () => Promise<Reflection>) {
      show(ahead);
      const { value, isLast } = await enqueue(ahead.id, request);
      if (isLast) show(value);
      void utils.clarifyContext.get.invalidate();
    }

    async function create(draft: ReflectionDraft): Promise<ReflectionProblems | null> {
      const id = newId();
      const fields = fieldsOf(draft);
      const now = new Date().toISOString();
      try {
        await save({ id, ...fields, createdAt: now, updatedAt: now }, () =>
          utils.client.reflections.create.mutate({ id, ...fields }),
        );
        return null;
      } catch (error) {
        hide(id);
        return refusedForm(error);
      }
    }

    async function update(reflection: Reflection, draft: ReflectionDraft): Promise<ReflectionProblems | null> {
      const { id: reflectionId } = reflection;
      const fields = fieldsOf(draft);
      try {
        await save({ ...reflection, ...fields }, () =>
          utils.client.reflections.update.mutate({ reflectionId, ...fields }),
        );
        return null;
      } catch (error) {
        show(reflection);
        void utils.reflections.list.invalidate();
        return refusedForm(error);
      }
    }

    function remove({ id }: Reflection) {
      removeLater(id, async () => {
        await enqueue(id, () => utils.client.reflections.remove.mutate({ reflectionId: id }));
        hide(id);
        void utils.clarifyContext.get.invalidate();
      });
    }

    return { create, update, remove };
  }, [utils, write, removeLater]);
}

function isNewer(reflection: Reflection, other: Reflection): boolean {
  return reflection.createdAt >= other.createdAt;
}
