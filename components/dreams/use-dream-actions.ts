import { useMemo } from "react";
import { withItem, withoutItem } from "@/components/lists/item-pages";
import { useRemoval } from "@/components/lists/removals";
import { createTaskQueues } from "@/components/lists/task-queues";
import { describeError, refusedForm } from "@/components/trpc/errors";
import { newId } from "@/components/trpc/new-id";
import { dreamsQuery } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { useToast } from "@/components/ui/toasts";
import type { Dream } from "@/server/dreams/dream";
import type { DreamDraft, DreamProblems } from "./dream-draft";
import { fieldsOf } from "./dream-draft";

export type DreamActions = ReturnType<typeof useDreamActions>;

const STATUSES: readonly Dream["status"][] = ["active", "achieved", "released"];

/** What can be done with a dream. Each shows at once, and is taken back when the server refuses it. */
export function useDreamActions() {
  const utils = trpc.useUtils();
  const write = useWriteCached();
  const toast = useToast();
  const removeLater = useRemoval();

  return useMemo(() => {
    const enqueue = createTaskQueues();

    function show(dream: Dream) {
      for (const status of STATUSES) {
        write(
          dreamsQuery(utils.client, status).queryKey,
          (pages) =>
            pages && (status === dream.status ? withItem(pages, dream, isNewer) : withoutItem(pages, dream.id)),
        );
      }
    }

    function hide(id: string) {
      for (const status of STATUSES) {
        write(dreamsQuery(utils.client, status).queryKey, (pages) => pages && withoutItem(pages, id));
      }
    }

    /** Shows the dream as it will be, saves it, and shows what the server made of it. Throws when it was refused. */
    async function save(ahead: Dream, request: () => Promise<Dream>) {
      show(ahead);
      const { value, isLast } = await enqueue(ahead.id, request);
      // What was asked for meanwhile is on the page already, and about to be saved, too.
      if (isLast) show(value);
      void utils.clarifyContext.get.invalidate();
    }

    async function create(draft: DreamDraft): Promise<DreamProblems | null> {
      const id = newId();
      const fields = fieldsOf(draft);
      const now = new Date().toISOString();
      const rest = { sessionId: null, achievedAt: null, releasedAt: null, createdAt: now, updatedAt: now };
      try {
        await save({ id, status: "active", ...fields, ...rest }, () =>
          utils.client.dreams.create.mutate({ id, ...fields }),
        );
        return null;
      } catch (error) {
        hide(id);
        return refusedForm(error);
      }
    }

    async function update(dream: Dream, draft: DreamDraft): Promise<DreamProblems | null> {
      const fields = fieldsOf(draft);
      try {
        await save({ ...dream, ...fields }, () => utils.client.dreams.update.mutate({ dreamId: dream.id, ...fields }));
        return null;
      } catch (error) {
        takeBack(dream);
        return refusedForm(error);
      }
    }

    /** Gives a dream the status that `after` has. Answers whether it has it now. */
    async function setStatus(before: Dream, after: Dream): Promise<boolean> {
      const { id: dreamId, status } = after;
      try {
        await save(after, () => utils.client.dreams.setStatus.mutate({ dreamId, status }));
        return true;
      } catch (error) {
        takeBack(before);
        toast({ text: describeError(error).message, urgent: true });
        return false;
      }
    }

    function remove({ id }: Dream) {
      removeLater(id, async () => {
        await enqueue(id, () => utils.client.dreams.remove.mutate({ dreamId: id }));
        hide(id);
        void utils.clarifyContext.get.invalidate();
      });
    }

    /** The server refused: what was there before is shown, and then what is there by now. */
    function takeBack(before: Dream) {
      show(before);
      void utils.dreams.list.invalidate();
    }

    return { create, update, setStatus, remove };
  }, [utils, write, toast, removeLater]);
}

/** A dream as it is once it is achieved, released or taken up again. */
export function withStatus(dream: Dream, status: Dream["status"]): Dream {
  const now = new Date().toISOString();
  return {
    ...dream,
    status,
    achievedAt: status === "achieved" ? now : null,
    releasedAt: status === "released" ? now : null,
    updatedAt: now,
  };
}

function isNewer(dream: Dream, other: Dream): boolean {
  return dream.updatedAt >= other.updatedAt;
}
