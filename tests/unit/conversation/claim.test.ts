import { describe, expect, it } from "vitest";
import type { Clock } from "@/server/clock";
import { ClaimLostError, holdingClaim } from "@/server/conversation/claim";
import { createLogger } from "@/server/telemetry/logger";

const NEVER = new AbortController().signal;

/** A clock whose timer fires when the test says so. */
function manualTimer() {
  let rings: (() => void) | null = null;
  const clock: Clock = {
    now: () => 0,
    elapsed: () => 0,
    pause: () => Promise.reject(new Error("Nothing here waits")),
    every(_ms, task) {
      rings = task;
      return () => {
        rings = null;
      };
    },
  };
  return { clock, ring: () => rings?.(), running: () => rings !== null };
}

function world() {
  const timer = manualTimer();
  const lines: string[] = [];
  const signs: boolean[] = [];
  const sent: PromiseWithResolvers<boolean>[] = [];
  return {
    ...timer,
    signs,
    sent,
    lines,
    logger: createLogger("warn", { destination: { write: (line) => void lines.push(line) } }),
    holdClaim(held: boolean) {
      signs.push(held);
      const request = Promise.withResolvers<boolean>();
      sent.push(request);
      return request.promise;
    },
  };
}

describe("a claim that is held", () => {
  it("is renewed until the reply is complete", async () => {
    const w = world();
    const speaking = Promise.withResolvers<void>();
    const held = holdingClaim(w, NEVER, () => speaking.promise);
    w.ring();
    w.ring();
    expect(w.signs).toEqual([true, true]);
    speaking.resolve();
    for (const request of w.sent) request.resolve(true);
    await held;
    expect(w.running()).toBe(false);
    expect(w.signs).toEqual([true, true]);
  });

  it("is not over before its last renewal has arrived, which would claim a finished reply", async () => {
    const w = world();
    let over = false;
    const held = holdingClaim(w, NEVER, async () => w.ring()).then(() => {
      over = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    w.sent[0]?.resolve(true);
    await held;
  });

  it("is released, after its last renewal, when the reply has no text", async () => {
    const w = world();
    const held = holdingClaim(w, NEVER, async () => {
      w.ring();
      throw new Error("no words");
    });
    held.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(w.signs).toEqual([true]);
    w.sent[0]?.resolve(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(w.signs).toEqual([true, false]);
    w.sent[1]?.resolve(true);
    await expect(held).rejects.toThrow("no words");
  });

  it("stops the writer when another process has taken it, and lets it store nothing", async () => {
    const w = world();
    const held = holdingClaim(w, NEVER, async (signal) => {
      w.ring();
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    });
    w.sent[0]?.resolve(false);
    await expect(held).rejects.toBeInstanceOf(ClaimLostError);
    expect(w.signs).toEqual([true]);
  });

  it("fails with the original error, also when the claim cannot be released", async () => {
    const w = world();
    const holdClaim = async () => {
      throw new Error("no database");
    };
    const held = holdingClaim({ ...w, holdClaim }, NEVER, async () => {
      throw new Error("no words");
    });
    await expect(held).rejects.toThrow("no words");
    expect(w.lines).toHaveLength(1);
  });
});
