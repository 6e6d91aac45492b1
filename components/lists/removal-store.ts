/** How long a removal can be undone, in milliseconds. */
export const UNDO_MS = 7_000;

interface Removal {
  timer: ReturnType<typeof setTimeout>;
  commit: () => void;
}

export type RemovalStore = ReturnType<typeof createRemovalStore>;

/** Removals that are shown already but can still be undone. */
export function createRemovalStore() {
  const waiting = new Map<string, Removal>();
  let hidden: ReadonlySet<string> = new Set();
  const listeners = new Set<() => void>();

  function show(ids: ReadonlySet<string>) {
    hidden = ids;
    for (const listener of listeners) listener();
  }

  function take(id: string): Removal | undefined {
    const removal = waiting.get(id);
    if (removal) clearTimeout(removal.timer);
    waiting.delete(id);
    return removal;
  }

  return {
    /** The ids that are not to be shown. */
    hidden: () => hidden,

    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /** Hides an item now, and commits the removal when it can no longer be undone. */
    begin(id: string, commit: () => void): void {
      take(id);
      const timer = setTimeout(() => take(id)?.commit(), UNDO_MS);
      waiting.set(id, { timer, commit });
      show(new Set([...hidden, id]));
    },

    /** Shows an item again, because its removal was undone or failed. */
    undo(id: string): void {
      take(id);
      show(new Set([...hidden].filter((other) => other !== id)));
    },

    /** Commits all pending removals, because the page is being left. */
    flush(): void {
      for (const id of [...waiting.keys()]) take(id)?.commit();
    },
  };
}
