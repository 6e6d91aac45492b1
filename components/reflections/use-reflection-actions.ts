import { useMemo } from "react";
import { newId } from "@/components/clarify/new-id";
import { usePageState } from "@/components/clarify/page-state";
import { UNDO_MS } from "@/components/clarify/sessions/removal-store";
import { describeError } from "@/components/trpc/describe-error";
import { withItem, withoutItem } from "@/components/trpc/item-pages";
import { createLanes } from "@/components/trpc/lanes";
import { refusedFields } from "@/components/trpc/refused-fields";
import { trpc } from "@/components/trpc/trpc";
import { useItemLists } from "@/components/trpc/use-item-lists";
import { useToast } from "@/components/ui/toasts";
import type { Reflection } from "@/server/routers/reflections";
import type { ReflectionDraft, ReflectionProblems } from "./reflection-draft";
import { fieldsOf } from "./reflection-draft";
import { reflectionsQuery } from "./reflections-query";

export type ReflectionActions = ReturnType<typeof useReflectionActions>;

/** What can be done with a reflection. Each shows at once, and is taken back when the server refuses it. */
export function useReflectionActions() {
  const utils = trpc.useUtils();
  const lists = useItemLists<Reflection>();
  const toast = useToast();
  const { removals } = usePageState();

  return useMemo(() => {
    const inLane = createLanes();
    const { queryKey } = reflectionsQuery(utils.client);

    const show = (reflection: Reflection) => lists.change(queryKey, (pages) => withItem(pages, reflection, isNewer));
    const hide = (id: string) => lists.change(queryKey, (pages) => withoutItem(pages, id));

    /** Shows the reflection as it will be, saves it, and shows what the server made of it. Throws when it was refused. */
    async function save(ahead: Reflection, request: () => Promise<Reflection>) {
      await show(ahead);
      const { value, isLast } = await inLane(ahead.id, request);
      if (isLast) await show(value);
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
        await hide(id);
        return problemsIn(error);
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
        await show(reflection);
        void utils.reflections.list.invalidate();
        return problemsIn(error);
      }
    }

    function remove({ id }: Reflection) {
      removals.begin(id, async () => {
        try {
          await inLane(id, () => utils.client.reflections.remove.mutate({ reflectionId: id }));
          await hide(id);
          void utils.clarifyContext.get.invalidate();
        } catch (error) {
          removals.undo(id);
          toast({ text: describeError(error).message, urgent: true });
        }
      });
      toast({ text: "Removed.", durationMs: UNDO_MS, action: { label: "Undo", run: () => removals.undo(id) } });
    }

    return { create, update, remove };
  }, [utils, lists, toast, removals]);
}

function problemsIn(error: unknown): ReflectionProblems {
  const fields = refusedFields(error);
  return Object.keys(fields).length > 0 ? fields : { form: describeError(error).message };
}

function isNewer(reflection: Reflection, other: Reflection): boolean {
  return reflection.createdAt >= other.createdAt;
}
