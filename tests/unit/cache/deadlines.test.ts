import { expect, test } from "vitest";
import { Deadlines } from "@/server/cache/protocol/deadlines";

const TIMEOUT_MS = 20;
const deadlines = new Deadlines(TIMEOUT_MS);

function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** An answer that is there after this many turns of the event loop, while the process is busy in each of them. */
const answerAfter = (turns: number) => (signal: AbortSignal) =>
  new Promise<string>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    const turn = (left: number) => {
      if (left === 0) return resolve("found");
      spin(TIMEOUT_MS);
      setImmediate(turn, left - 1);
    };
    setImmediate(turn, turns);
  });

test("a busy process does not count as a slow store", async () => {
  expect(await deadlines.within(answerAfter(3))).toBe("found");
});

test("a store that does not answer is given up, also in a busy process", async () => {
  await expect(deadlines.within(answerAfter(1_000))).rejects.toMatchObject({ name: "TimeoutError" });
});

test("each deadline has its own time, also after others that were met or missed", async () => {
  expect(await deadlines.within(async () => "at once")).toBe("at once");
  await expect(deadlines.within(answerAfter(1_000))).rejects.toMatchObject({ name: "TimeoutError" });
  expect(await deadlines.within(answerAfter(3))).toBe("found");
});
