import { describe, expect, it } from "vitest";
import type { CacheHealth } from "@/server/cache";
import type { ReadinessOptions } from "@/server/telemetry/readiness";
import { checkReadiness } from "@/server/telemetry/readiness";

const well: CacheHealth = { breaker: "closed", waitingInvalidations: 0 };
const fine = async () => {};
const down = async () => Promise.reject(new Error("connect ECONNREFUSED redis://user:secret@host"));

function silent(signal: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

function ready(options: Partial<ReadinessOptions> = {}) {
  return checkReadiness({
    database: fine,
    redis: fine,
    health: () => well,
    draining: () => false,
    model: "configured",
    timeoutMs: 50,
    ...options,
  });
}

describe("readiness", () => {
  it("is ready when every dependency answers, and gives the time of each", async () => {
    expect(await ready()()).toEqual({
      status: "ready",
      database: { state: "ok", latencyMs: expect.any(Number) },
      cache: { kind: "redis", state: "ok", latencyMs: expect.any(Number), ...well },
      model: { kind: "configured" },
    });
  });

  it.each<[string, Partial<ReadinessOptions>, string]>([
    ["Redis is down", { redis: down }, "degraded"],
    ["Redis is silent", { redis: silent }, "degraded"],
    ["the breaker is open", { health: () => ({ ...well, breaker: "open" }) }, "degraded"],
    ["invalidations wait", { health: () => ({ ...well, waitingInvalidations: 3 }) }, "degraded"],
    ["the database is down", { database: down }, "unavailable"],
    ["the database is silent", { database: silent }, "unavailable"],
    ["both are down", { database: down, redis: down }, "unavailable"],
    ["the process is about to end", { draining: () => true }, "draining"],
    ["there is no model", { model: "offline" }, "ready"],
    ["the cache is this process", { redis: null }, "ready"],
  ])("when %s is told as it is", async (_what, options, status) => {
    expect((await ready(options)()).status).toBe(status);
  });

  it("does not reveal why a dependency failed", async () => {
    const answer = JSON.stringify(await ready({ database: down, redis: down })());
    expect(answer).not.toMatch(/secret|ECONN|host/);
  });

  it("checks once for concurrent calls, and again afterwards", async () => {
    let asked = 0;
    const check = ready({
      database: async () => {
        asked += 1;
      },
    });
    await Promise.all([check(), check(), check()]);
    expect(asked).toBe(1);
    await check();
    expect(asked).toBe(2);
  });
});
