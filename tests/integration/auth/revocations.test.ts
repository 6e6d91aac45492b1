import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TokenSession } from "@/server/auth/access-token";
import { createRedisRevocations } from "@/server/auth/revocations";
import { redisScripts } from "@/server/cache/redis";
import { upstashScripts } from "@/server/cache/upstash";
import { createLogger } from "@/server/telemetry/logger";
import { CacheRedis, TRANSPORTS } from "@/tests/support/redis/cache-redis";
import type { RedisExecutor } from "@/tests/support/redis/executor";
import { likeUpstash } from "@/tests/support/redis/like-upstash";
import { RestServer } from "@/tests/support/redis/rest-server";
import { standInRedis } from "@/tests/support/redis/stand-in-redis";

let redis: RedisExecutor;
let server: RestServer;
let lines: string[];
const clock = { at: 0, now: () => Date.now(), elapsed: () => clock.at };
const logger = createLogger("warn", { destination: { write: (line) => void lines.push(line) } });

beforeAll(async () => {
  redis = await standInRedis();
  server = await RestServer.start({ executor: likeUpstash(redis) });
});
afterAll(async () => {
  await server.close();
  await redis.close();
});
beforeEach(() => {
  lines = [];
  return () => {
    server.fault = { kind: "none" };
  };
});

function newProcess(timeoutMs = 5_000) {
  const scripts = upstashScripts({ url: server.url, token: server.token, timeoutMs });
  return createRedisRevocations({ scripts, clock, logger });
}

function someSession(): TokenSession {
  const seconds = Math.floor(Date.now() / 1_000);
  return { id: randomUUID(), userId: randomUUID(), issuedAt: seconds - 60, expiresAt: seconds + 3_540 };
}

describe("a session that was signed out in one process", () => {
  it("is refused by another at once, which asks with one command", async () => {
    const [here, there] = [newProcess(), newProcess()];
    const session = someSession();
    // The server has the script from then on.
    await there.isRevoked(session);
    server.resetCounters();
    expect(await there.isRevoked(session)).toBe(false);
    expect([server.requests, server.commands]).toEqual([1, 1]);
    await here.revoke(session);
    expect(await there.isRevoked(session)).toBe(true);
    expect(await there.isRevoked({ ...session, id: randomUUID() })).toBe(false);
  });

  it("leaves behind what lives as long as a token that was issued meanwhile", async () => {
    const session = someSession();
    await newProcess().revoke(session);
    const left = Number(await redis.call(["PTTL", `revoked:{${session.userId}}:${session.id}`]));
    expect(left).toBeGreaterThan(3_680_000);
    expect(left).toBeLessThanOrEqual(3_720_000);
  });

  it("ends with the others where the person chooses a new password", async () => {
    const [here, there] = [newProcess(), newProcess()];
    const session = someSession();
    await here.revokeOthers(session);
    expect(await there.isRevoked({ ...session, id: randomUUID() })).toBe(true);
    expect(await there.isRevoked(session)).toBe(false);
    expect(Number(await redis.call(["PTTL", `revoked:{${session.userId}}`]))).toBeLessThanOrEqual(3_600_000);
  });
});

describe("while Redis hangs", () => {
  it("a process knows its own, lets others in, and does not ask for two seconds", async () => {
    const revocations = newProcess(50);
    const [own, other] = [someSession(), someSession()];
    server.fault = { kind: "hang" };
    await revocations.revoke(own);
    server.resetCounters();
    expect(await revocations.isRevoked(own)).toBe(true);
    expect(await revocations.isRevoked(other)).toBe(false);
    expect(await revocations.isRevoked(other)).toBe(false);
    expect(server.requests).toBe(1);
    expect(lines.join("\n")).not.toContain(other.id);

    server.fault = { kind: "none" };
    await newProcess().revoke(other);
    expect(await revocations.isRevoked(other)).toBe(false);
    clock.at += 2_000;
    expect(await revocations.isRevoked(other)).toBe(true);
  });
});

describe.each(TRANSPORTS)("by %s, in whichever Redis there is", (transport) => {
  it("processes tell each other", async () => {
    const shared = await CacheRedis.over(transport);
    const { address } = shared;
    const process = () => {
      const scripts =
        address.transport === "redis"
          ? redisScripts({ url: address.url, timeoutMs: 5_000 })
          : upstashScripts({ url: address.url, token: address.token, timeoutMs: 5_000 });
      return createRedisRevocations({ scripts, clock, logger });
    };
    const session = someSession();
    await process().revoke(session);
    expect(await process().isRevoked(session)).toBe(true);
    expect(await process().isRevoked({ ...session, id: randomUUID() })).toBe(false);
    await process().revokeOthers(session);
    expect(await process().isRevoked({ ...session, id: randomUUID() })).toBe(true);
    expect(lines).toEqual([]);
    await shared.stop();
  });
});
