import { describe, expect, it } from "vitest";
import { createRetry } from "@/components/trpc/retry";

/** Attempts that fail until the test says otherwise, with a clock that the test advances. */
function failingAttempts({ random = 0 } = {}) {
  let now = 0;
  let due: { at: number; task: () => void } | null = null;
  const attempts: number[] = [];
  const timers = {
    now: () => now,
    after(ms: number, task: () => void) {
      const planned = { at: now + ms, task };
      due = planned;
      return () => {
        if (due === planned) due = null;
      };
    },
    random: () => random,
  };
  const retry = createRetry(timers, () => {
    attempts.push(now);
    retry.failed();
  });
  return {
    retry,
    attempts,
    passTo(time: number) {
      while (due !== null && due.at <= time) {
        const { at, task } = due;
        due = null;
        now = at;
        task();
      }
      now = time;
    },
  };
}

describe("a retry", () => {
  it("waits longer each time, up to half a minute", () => {
    const { retry, attempts, passTo } = failingAttempts();
    retry.failed();
    passTo(125_000);
    expect(attempts).toEqual([1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000, 121_000]);
  });

  it("shortens a pause by up to half, so that pages do not all retry at the same time", () => {
    const { retry, attempts, passTo } = failingAttempts({ random: 0.99 });
    retry.failed();
    passTo(1_000);
    expect(attempts[0]).toBeCloseTo(505);
  });

  it("comes sooner after a hint, but not more often when hints never end", () => {
    const { retry, attempts, passTo } = failingAttempts();
    retry.failed();
    for (let time = 0; time <= 60_000; time += 100) {
      passTo(time);
      retry.hint();
    }
    expect(attempts.length).toBeGreaterThan(5);
    expect(attempts.length).toBeLessThan(14);
    expect(attempts[0]).toBeLessThanOrEqual(300);
  });

  it("tries at once after a hint that follows a long sleep", () => {
    const { retry, attempts, passTo } = failingAttempts();
    retry.failed();
    passTo(900);
    retry.hint();
    passTo(900);
    expect(attempts).toEqual([900]);
  });

  it("does nothing on a hint when nothing waits, and begins anew after it has stopped", () => {
    const { retry, attempts, passTo } = failingAttempts();
    retry.hint();
    passTo(60_000);
    expect(attempts).toEqual([]);
    retry.failed();
    passTo(70_000);
    retry.stop();
    passTo(500_000);
    const before = attempts.length;
    retry.failed();
    passTo(501_000);
    expect(attempts.length).toBe(before + 1);
  });

  it("waits longer each time also where the server is reached in between, until that lasts", () => {
    const { retry, attempts, passTo } = failingAttempts();
    const pauses: number[] = [];
    let now = 0;
    const failAfter = (ms: number) => {
      retry.reached();
      now += ms;
      passTo(now);
      const before = attempts.length;
      retry.failed();
      const failedAt = now;
      while (attempts.length === before) {
        now += 500;
        passTo(now);
      }
      pauses.push(now - failedAt);
    };
    for (const ms of [0, 100, 100, 9_000]) failAfter(ms);
    expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
    expect(pauses.at(-1)).toBeGreaterThan(8_000);
    failAfter(10_000);
    expect(pauses.at(-1)).toBe(1_000);
  });
});
