import type { TaskQueues } from "@/components/trpc/task-queues";

interface Identified {
  id: string;
}

interface ItemLists<Item extends Identified> {
  /** Shows a new or changed item in the lists that it belongs to. */
  show: (item: Item) => void;
  hide: (id: string) => void;
  /** Reads the lists again. */
  refresh: () => void;
  /** Called when the server has stored a change. */
  onChanged: () => void;
}

/**
 * Changes items before the server has answered: each change shows at once, and is reverted when the server refuses it.
 * Changes of one item reach the server one after the other. Each action rejects with the server's error.
 */
export function createItemActions<Item extends Identified>(
  { enqueue }: TaskQueues,
  { show, hide, refresh, onChanged }: ItemLists<Item>,
) {
  async function save(ahead: Item, request: () => Promise<Item>): Promise<void> {
    show(ahead);
    const { value, isLast } = await enqueue(ahead.id, request);
    // A later change is already shown, and is about to be saved.
    if (isLast) show(value);
    onChanged();
  }

  return {
    /** `ahead` is the item as it will be stored. */
    async create(ahead: Item, request: () => Promise<Item>): Promise<void> {
      try {
        await save(ahead, request);
      } catch (error) {
        hide(ahead.id);
        throw error;
      }
    },

    /** `ahead` is the item as it will be after the change. */
    async update(before: Item, ahead: Item, request: () => Promise<Item>): Promise<void> {
      try {
        await save(ahead, request);
      } catch (error) {
        show(before);
        refresh();
        throw error;
      }
    },

    async remove(id: string, request: () => Promise<unknown>): Promise<void> {
      await enqueue(id, request);
      hide(id);
      onChanged();
    },
  };
}
