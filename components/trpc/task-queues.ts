export type TaskQueues = ReturnType<typeof createTaskQueues>;

/**
 * Queues of tasks by id. Tasks with the same id run one after the other, in the order of the calls, so that the server
 * never gets a second change before the first.
 */
export function createTaskQueues() {
  const last = new Map<string, Promise<unknown>>();
  const waiting = new Set<() => void>();

  return {
    /**
     * Adds a task to the queue of its id. Rejects when the task does. `isLast` says whether no later task is in that
     * queue.
     */
    async enqueue<T>(id: string, task: () => Promise<T>): Promise<{ value: T; isLast: boolean }> {
      const before = last.get(id);
      const running = before === undefined ? task() : afterOrAtOnce(before, task);
      last.set(id, running);
      try {
        const value = await running;
        return { value, isLast: last.get(id) === running };
      } finally {
        if (last.get(id) === running) last.delete(id);
      }
    },

    /** Starts every task that waits. For a page that is being left, where a task that waits would be lost. */
    startAll(): void {
      for (const start of waiting) start();
    },
  };

  function afterOrAtOnce<T>(before: Promise<unknown>, task: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<T>();
    const start = () => {
      if (waiting.delete(start)) resolve(task());
    };
    waiting.add(start);
    before.then(start, start);
    return promise;
  }
}
