import { useMemo } from "react";
import { createItemActions } from "@/components/lists/item-actions";
import type { ItemPages } from "@/components/lists/item-pages";
import { withItem, withoutItem } from "@/components/lists/item-pages";
import { useRemoval } from "@/components/lists/removals";
import { refusalOf } from "@/components/trpc/errors";
import { newId } from "@/components/trpc/new-id";
import { useTaskQueues } from "@/components/trpc/provider";
import { dreamsQuery } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { useWords } from "@/components/words/words";
import type { Dream } from "@/server/dreams/dream";
import type { DreamDraft, DreamProblems } from "./dream-draft";
import { fieldsOf } from "./dream-draft";

export type DreamActions = ReturnType<typeof useDreamActions>;

const STATUSES: readonly Dream["status"][] = ["active", "achieved", "released"];

/** The actions on dreams. Each change shows at once, and is reverted when the server refuses it. */
export function useDreamActions() {
  const utils = trpc.useUtils();
  const write = useWriteCached();
  const showError = useErrorToast();
  const words = useWords();
  const removeLater = useRemoval();
  const queues = useTaskQueues();

  return useMemo(() => {
    function writeList(status: Dream["status"], update: (pages: ItemPages<Dream>) => ItemPages<Dream>) {
      write(dreamsQuery(utils.client, status).queryKey, (pages) => pages && update(pages));
    }

    const items = createItemActions<Dream>(queues, {
      show(dream) {
        for (const status of STATUSES) {
          writeList(status, (pages) =>
            status === dream.status ? withItem(pages, dream, isNewer) : withoutItem(pages, dream.id),
          );
        }
      },
      hide(id) {
        for (const status of STATUSES) writeList(status, (pages) => withoutItem(pages, id));
      },
      refresh: () => void utils.dreams.list.invalidate(),
      onChanged: () => void utils.clarifyContext.get.invalidate(),
    });

    /** @param sessionId the conversation that the dream comes from; null for none */
    function create(draft: DreamDraft, sessionId: string | null = null): Promise<DreamProblems | null> {
      const id = newId();
      const fields = fieldsOf(draft);
      const now = new Date().toISOString();
      const rest = { sessionId, achievedAt: null, releasedAt: null, createdAt: now, updatedAt: now };
      return refusalOf(
        items.create({ id, status: "active", paused: false, ...fields, ...rest }, () =>
          utils.client.dreams.create.mutate({ id, sessionId, ...fields }),
        ),
        words,
      );
    }

    function update(dream: Dream, draft: DreamDraft): Promise<DreamProblems | null> {
      const fields = fieldsOf(draft);
      return refusalOf(
        items.update(dream, { ...dream, ...fields }, () =>
          utils.client.dreams.update.mutate({ dreamId: dream.id, ...fields }),
        ),
        words,
      );
    }

    /** Gives a dream the status of `after`. Resolves with whether it has that status now. */
    async function setStatus(before: Dream, after: Dream): Promise<boolean> {
      const { id: dreamId, status } = after;
      try {
        await items.update(before, after, () => utils.client.dreams.setStatus.mutate({ dreamId, status }));
        return true;
      } catch (error) {
        showError(error);
        return false;
      }
    }

    function setPaused(dream: Dream, paused: boolean): Promise<void> {
      return items
        .update(dream, { ...dream, paused }, () => utils.client.dreams.setPaused.mutate({ dreamId: dream.id, paused }))
        .catch(showError);
    }

    function remove({ id }: Dream) {
      removeLater({ kind: "dream", id }, () =>
        items.remove(id, () => utils.client.dreams.remove.mutate({ dreamId: id })),
      );
    }

    return { create, update, setStatus, setPaused, remove };
  }, [utils, queues, write, showError, words, removeLater]);
}

/** A dream after it is achieved, released or made active again. */
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
