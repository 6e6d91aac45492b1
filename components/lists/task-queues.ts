/**
 * Queues of tasks by id. Tasks with the same id run one after the other, in the order of the calls, so that the server
 * never gets a second change before the first. The returned function adds a task to the queue of its id, and rejects
 * when the task does. `isLast` says whether no later task is in that queue.
 */
export function createTaskQueues() {
  const last = new Map<string, Promise<unknown>>();
  return async function enqueue<T>(id: string, task: () => Promise<T>): Promise<{ value: T; isLast: boolean }> {
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
