import { describe, expect, it } from "vitest";
import type { DrainDependencies } from "@/server/drain";
import { drain } from "@/server/drain";
import { createLogger } from "@/server/telemetry/logger";
import { ManualTime } from "../../support/manual-time";

const NEVER = new Promise<never>(() => {});

/** A process whose parts record when they are asked to end. */
function processOf(
  parts: Partial<Record<"close" | "cut" | "servers" | "cache" | "figures" | "telemetry", () => Promise<void>>>,
) {
  const asked: string[] = [];
  const part = (name: keyof typeof parts) => async () => {
    asked.push(name);
    await parts[name]?.();
  };
  const clock = new ManualTime();
  const dependencies: DrainDependencies = {
    replies: { close: part("close"), cut: part("cut") },
    servers: { close: part("servers") },
    cache: { close: part("cache") },
    stopSampling: part("figures"),
    telemetry: { shutdown: part("telemetry") },
    clock,
    logger: createLogger("silent"),
    repliesMs: 30_000,
  };
  return { asked, clock, drained: () => drain(dependencies) };
}

const REST = ["servers", "cache", "figures", "telemetry"];

describe("draining a process", () => {
  it("ends its parts one after the other, telemetry last", async () => {
    const replies = Promise.withResolvers<void>();
    const { asked, drained } = processOf({ close: () => replies.promise });
    const draining = drained();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual(["close"]);
    replies.resolve();
    await draining;
    expect(asked).toEqual(["close", ...REST]);
  });

  it("cuts replies that take longer than they may", async () => {
    const { asked, clock, drained } = processOf({ close: () => NEVER });
    const draining = drained();
    await clock.advance(29_999);
    expect(asked).toEqual(["close"]);
    await clock.advance(1);
    await draining;
    expect(asked).toEqual(["close", "cut", ...REST]);
  });

  it.each(["cut", "servers", "cache", "figures", "telemetry"] as const)(
    "is not held up by %s that hangs",
    async (name) => {
      const { asked, clock, drained } = processOf({ close: () => NEVER, [name]: () => NEVER });
      const draining = drained();
      await clock.advance(30_000);
      await clock.advance(5_000);
      await draining;
      expect(asked).toEqual(["close", "cut", ...REST]);
    },
  );

  it.each(["close", "servers", "cache", "figures", "telemetry"] as const)(
    "is not held up by %s that fails",
    async (name) => {
      const { asked, drained } = processOf({ [name]: () => Promise.reject(new Error("broken")) });
      await drained();
      expect(asked.filter((part) => part !== "cut")).toEqual(["close", ...REST]);
    },
  );
});
