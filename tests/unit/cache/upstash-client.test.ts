import { afterEach, expect, test, vi } from "vitest";
import { createUpstashClients } from "@/server/cache";

afterEach(() => vi.unstubAllGlobals());

const READ_TIMEOUT_MS = 20;
const { reads } = createUpstashClients({ url: "https://redis.example", token: "t", readTimeoutMs: READ_TIMEOUT_MS });

function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** An answer that is there after so many turns of the event loop, each of which the process spends on something else. */
function stubAnswer(turns: number): void {
  const answer = (_url: string, { signal }: { signal: AbortSignal }) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      const turn = (left: number) => {
        if (left === 0) return resolve(Response.json({ result: "found" }));
        spin(READ_TIMEOUT_MS);
        setImmediate(turn, left - 1);
      };
      setImmediate(turn, turns);
    });
  vi.stubGlobal("fetch", answer);
}

test("a process that is busy with itself does not take that for a slow store", async () => {
  stubAnswer(3);
  expect(await reads.evalsha("sha", [], [])).toBe("found");
});

test("a store that does not answer is given up, however busy the process", async () => {
  stubAnswer(1_000);
  await expect(reads.evalsha("sha", [], [])).rejects.toMatchObject({ name: "TimeoutError" });
});
