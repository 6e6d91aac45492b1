import { expect, it } from "vitest";
import { createTaskQueues } from "@/components/trpc/task-queues";

function started() {
  const order: string[] = [];
  const task = (name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const run = () => {
      order.push(name);
      return promise;
    };
    return { run, resolve: () => resolve(name), reject: () => reject(new Error(name)) };
  };
  return { order, task };
}

it("tasks with the same id run one after the other, also after a failed one; tasks with another id do not wait", async () => {
  const { enqueue } = createTaskQueues();
  const { order, task } = started();
  const [first, second, third, other] = [task("first"), task("second"), task("third"), task("other")];
  const running = [enqueue("a", first.run), enqueue("a", second.run), enqueue("a", third.run)];
  const [one, two, three] = running.map((promise) => promise.catch((error: Error) => error.message));
  void enqueue("b", other.run);
  expect(order).toEqual(["first", "other"]);

  first.reject();
  expect(await one).toBe("first");
  expect(order).toEqual(["first", "other", "second"]);
  second.resolve();
  expect(await two).toEqual({ value: "second", isLast: false });
  third.resolve();
  expect(await three).toEqual({ value: "third", isLast: true });
});

it("a queue that has become empty starts anew", async () => {
  const { enqueue } = createTaskQueues();
  await enqueue("a", () => Promise.resolve(1));
  expect(await enqueue("a", () => Promise.resolve(2))).toEqual({ value: 2, isLast: true });
});

it("starts what waits at once when it is asked to, in order and only once", async () => {
  const { enqueue, startAll } = createTaskQueues();
  const { order, task } = started();
  const tasks = [task("first"), task("second"), task("third")];
  const running = tasks.map(({ run }) => enqueue("a", run));
  expect(order).toEqual(["first"]);

  startAll();
  await Promise.resolve();
  expect(order).toEqual(["first", "second", "third"]);
  for (const { resolve } of tasks) resolve();
  expect((await Promise.all(running)).map(({ isLast }) => isLast)).toEqual([false, false, true]);
  expect(order).toEqual(["first", "second", "third"]);
});
