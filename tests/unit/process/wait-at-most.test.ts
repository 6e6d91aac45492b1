import { expect, it } from "vitest";
import { waitAtMost } from "@/server/clock";
import { ManualTime } from "@/tests/support/manual-time";

const DEADLINE_MS = 150;

function wait(work: Promise<unknown>) {
  const clock = new ManualTime();
  let isOver = false;
  const over = waitAtMost(DEADLINE_MS, work, clock).then(() => {
    isOver = true;
  });
  return { clock, over, isOver: () => isOver };
}

it("waits no longer than its deadline for work that hangs", async () => {
  const { clock, over, isOver } = wait(new Promise(() => undefined));
  await clock.advance(DEADLINE_MS - 1);
  expect(isOver()).toBe(false);
  await clock.advance(1);
  await over;
});

it.each([
  ["done", () => Promise.resolve("done")],
  ["failed", () => Promise.reject(new Error("It failed"))],
])("is over as soon as the work is %s", async (_how, work) => {
  const { clock, over } = wait(work());
  await over;
  expect(clock.elapsed()).toBe(0);
});
