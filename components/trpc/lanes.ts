/**
 * Runs what concerns the same thing one after the other, in the order in which it was asked for: the server must not
 * see a second change before the first one. `isLast` tells whether nothing more was asked for meanwhile.
 */
export function createLanes() {
  const last = new Map<string, Promise<unknown>>();
  return async function run<T>(id: string, task: () => Promise<T>): Promise<{ value: T; isLast: boolean }> {
    const before = last.get(id);
    const running = before === undefined ? task() : before.then(task, task);
    last.set(id, running);
    try {
      const value = await running;
      return { value, isLast: last.get(id) === running };
    } finally {
      if (last.get(id) === running) last.delete(id);
    }
  };
}
