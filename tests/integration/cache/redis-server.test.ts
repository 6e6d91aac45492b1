import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Cache } from "@/server/cache";
import { createCache } from "@/server/cache";
import { redis } from "@/server/cache/redis";

const POLICY = { ttlMs: 60_000, version: 1 };
const PASSWORD = "wheel-and-water";
const installed = spawnSync("redis-server", ["--version"]).status === 0;

/** Tests that need a real server; skipped without one on the PATH. */
describe.skipIf(!installed)("a real Redis, over TCP", () => {
  let port: number;
  let server: ChildProcess;
  let cache: Cache;

  const url = (password = PASSWORD) => `redis://:${password}@127.0.0.1:${port}`;
  const read = (value = "loaded") => cache.getOrSet("k", async () => value, POLICY);
  const open = (password?: string) =>
    createCache({ store: redis({ url: url(password), readTimeoutMs: 200, breakerOpenMs: 50 }), warn: () => {} });
  /** Until the store answers, however long it takes to start. */
  const working = () =>
    vi.waitFor(
      async () => {
        await cache.ready();
        await read();
        expect((await read()).outcome).toBe("fresh");
        expect(cache.health()).toEqual({ breaker: "closed", waitingInvalidations: 0 });
      },
      { timeout: 15_000, interval: 50 },
    );
  const failing = () =>
    vi.waitFor(
      async () => {
        expect((await read()).value).toBe("loaded");
        expect(cache.health().breaker).not.toBe("closed");
      },
      { timeout: 15_000, interval: 20 },
    );

  function start(): void {
    const options = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--requirepass", PASSWORD].map(String);
    server = spawn("redis-server", options, { stdio: "ignore" });
  }
  async function kill(): Promise<void> {
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await gone;
  }

  beforeEach(async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    ({ port } = probe.address() as AddressInfo);
    await new Promise((resolve) => probe.close(resolve));
    start();
    cache = open();
    await working();
  });
  afterEach(async () => {
    server.kill("SIGCONT");
    await cache.close();
    await kill();
  });

  test("is used again by itself after a restart without entries and scripts", async () => {
    await kill();
    await failing();
    start();
    await working();
  });

  test("that freezes with open connections costs reads their deadline, and is used again afterwards", async () => {
    server.kill("SIGSTOP");
    const begun = performance.now();
    expect((await cache.getOrSet("another", async () => "loaded", POLICY)).value).toBe("loaded");
    expect(performance.now() - begun).toBeLessThan(2_000);
    await failing();
    server.kill("SIGCONT");
    await working();
  });

  test("rejects in ready() when the password is refused", async () => {
    const refused = open("wrong");
    await expect(refused.ready()).rejects.toThrow(/refuses the login/);
    expect((await refused.getOrSet("k", async () => "loaded", POLICY)).value).toBe("loaded");
    await refused.close();
  });

  test("rejects in ready() when a cluster is expected", async () => {
    const store = redis({ url: `redis+cluster://:${PASSWORD}@127.0.0.1:${port}` });
    const expecting = createCache({ store, warn: () => {} });
    await expect(expecting.ready()).rejects.toThrow(/is no cluster/);
    await expecting.close();
  });

  test("an invalidation that failed during the outage arrives after it", async () => {
    server.kill("SIGSTOP");
    await cache.invalidate(["k"]);
    expect(cache.health().waitingInvalidations).toBe(1);
    expect((await read("written")).value).toBe("written");
    server.kill("SIGCONT");
    await vi.waitFor(() => expect(cache.health().waitingInvalidations).toBe(0), { timeout: 15_000, interval: 50 });
    const other = open();
    await other.ready();
    expect((await other.getOrSet("k", async () => "written", POLICY)).value).toBe("written");
    await other.close();
  });
});
