import { expect, test } from "vitest";
import { createQueue } from "@/server/local/queue";

test("tasks run one after another, in the order in which they are added", async () => {
  const queue = createQueue();
  const events: string[] = [];
  const task = (name: string) => async () => {
    events.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    events.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all([queue(task("a")), queue(task("b"))])).toEqual(["a", "b"]);
  expect(events).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test("a failing task does not hold up the next", async () => {
  const queue = createQueue();
  const failing = queue(async () => {
    throw new Error("no");
  });
  const next = queue(async () => "yes");
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("yes");
});
