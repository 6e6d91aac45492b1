/**
 * Queues of tasks, one per id: tasks with the same id run one after the other, in the order of the calls, so that the
 * server never sees a second change before the first. The returned function runs a task behind those that wait for the
 * same id, and rejects when the task does. `isLast` says whether no other task has joined that queue meanwhile.
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
