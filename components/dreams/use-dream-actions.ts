import { useMemo } from "react";
import { newId } from "@/components/clarify/new-id";
import { useRemoval } from "@/components/clarify/sessions/use-removal";
import { describeError } from "@/components/trpc/describe-error";
import { withItem, withoutItem } from "@/components/trpc/item-pages";
import { createLanes } from "@/components/trpc/lanes";
import { refusedForm } from "@/components/trpc/refused-fields";
import { trpc } from "@/components/trpc/trpc";
import { useItemLists } from "@/components/trpc/use-item-lists";
import { useToast } from "@/components/ui/toasts";
import type { Dream } from "@/server/dreams/dream";
import type { DreamDraft, DreamProblems } from "./dream-draft";
import { fieldsOf } from "./dream-draft";
import { dreamsQuery } from "./dreams-query";

export type DreamActions = ReturnType<typeof useDreamActions>;

const STATUSES: readonly Dream["status"][] = ["active", "achieved", "released"];

/** What can be done with a dream. Each shows at once, and is taken back when the server refuses it. */
export function useDreamActions() {
  const utils = trpc.useUtils();
  const lists = useItemLists<Dream>();
  const toast = useToast();
  const removeLater = useRemoval();

  return useMemo(() => {
    const inLane = createLanes();

    async function show(dream: Dream) {
      const changes = STATUSES.map((status) =>
        lists.change(dreamsQuery(utils.client, status).queryKey, (pages) =>
          status === dream.status ? withItem(pages, dream, isNewer) : withoutItem(pages, dream.id),
        ),
      );
      await Promise.all(changes);
    }

    async function hide(id: string) {
      const keys = STATUSES.map((status) => dreamsQuery(utils.client, status).queryKey);
      await Promise.all(keys.map((key) => lists.change(key, (pages) => withoutItem(pages, id))));
    }

    /** Shows the dream as it will be, saves it, and shows what the server made of it. Throws when it was refused. */
    async function save(ahead: Dream, request: () => Promise<Dream>) {
      await show(ahead);
      const { value, isLast } = await inLane(ahead.id, request);
      // What was asked for meanwhile is on the page already, and about to be saved, too.
      if (isLast) await show(value);
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
        await hide(id);
        return refusedForm(error);
      }
    }

    async function update(dream: Dream, draft: DreamDraft): Promise<DreamProblems | null> {
      const fields = fieldsOf(draft);
      try {
        await save({ ...dream, ...fields }, () => utils.client.dreams.update.mutate({ dreamId: dream.id, ...fields }));
        return null;
      } catch (error) {
        await takeBack(dream);
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
        await takeBack(before);
        toast({ text: describeError(error).message, urgent: true });
        return false;
      }
    }

    function remove({ id }: Dream) {
      removeLater(id, async () => {
        await inLane(id, () => utils.client.dreams.remove.mutate({ dreamId: id }));
        await hide(id);
        void utils.clarifyContext.get.invalidate();
      });
    }

    /** The server refused: what was there before is shown, and then what is there by now. */
    async function takeBack(before: Dream) {
      await show(before);
      void utils.dreams.list.invalidate();
    }

    return { create, update, setStatus, remove };
  }, [utils, lists, toast, removeLater]);
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
