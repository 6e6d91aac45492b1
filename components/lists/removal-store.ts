export type RemovalStore = ReturnType<typeof createRemovalStore>;

/** The ids of items that are being removed. Lists do not show them, although they may still have read them. */
export function createRemovalStore() {
  let hidden: ReadonlySet<string> = new Set();
  const listeners = new Set<() => void>();

  function set(ids: ReadonlySet<string>) {
    hidden = ids;
    for (const listener of listeners) listener();
  }

  return {
    hidden: () => hidden,

    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    hide: (id: string): void => set(new Set([...hidden, id])),
    show: (id: string): void => set(new Set([...hidden].filter((other) => other !== id))),
  };
}
