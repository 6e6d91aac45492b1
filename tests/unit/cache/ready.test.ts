import type { RequestListener } from "node:http";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Cache, StoreFactory } from "@/server/cache";
import { createCache } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import { redis } from "@/server/cache/redis";
import { upstash } from "@/server/cache/upstash";
import type { RedisExecutor } from "@/tests/support/redis/executor";
import { ReplyError } from "@/tests/support/redis/executor";
import { executorStore } from "@/tests/support/redis/executor-store";
import { RespServer } from "@/tests/support/redis/resp-server";
import { RestServer } from "@/tests/support/redis/rest-server";

const POLICY = { ttlMs: 60_000, version: 1 };

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A cache, with the warnings that it gave. */
function open(store: StoreFactory): { cache: Cache; warnings: string[] } {
  const warnings: string[] = [];
  const cache = createCache({ store, warn: (message) => void warnings.push(message) });
  cleanUps.push(() => cache.close());
  return { cache, warnings };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function http(answer: RequestListener): Promise<string> {
  const server = createHttpServer(answer);
  const host = await listen(server);
  cleanUps.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return host;
}

async function tcp(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    onConnection(socket);
  });
  const host = await listen(server);
  cleanUps.push(
    () => server.close(),
    () => sockets.forEach((socket) => void socket.destroy()),
  );
  return host;
}

/** An address where nothing listens. */
async function nowhere(): Promise<string> {
  const server = createServer();
  const host = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return host;
}

const saying = (reply: string) => (socket: Socket) => void socket.on("data", () => socket.write(reply));
const token = "secret-token";

describe("a store that can be used is ready", () => {
  const well: RedisExecutor = {
    call: async ([name]) => (String(name).toUpperCase() === "PING" ? "PONG" : []),
    close: async () => {},
  };

  test("in memory", () => open(memory()).cache.ready());

  test("by Upstash", async () => {
    const server = await RestServer.start({ executor: well });
    cleanUps.push(() => server.close());
    await open(upstash({ url: server.url, token: server.token })).cache.ready();
  });

  test("by TCP", async () => {
    const server = await RespServer.start({ executor: well });
    cleanUps.push(() => server.close());
    await open(redis({ url: server.url })).cache.ready();
  });
});

describe("a store that cannot be used gives the reason in a sentence", () => {
  test.each<[string, () => Promise<string>, (host: string) => StoreFactory, RegExp]>([
    [
      "Upstash refuses the token",
      () => http((_request, response) => response.writeHead(401).end('{"error":"WRONGPASS"}')),
      (host) => upstash({ url: `http://${host}`, token }),
      /^401 from Upstash: is the token right\?$/,
    ],
    [
      "Upstash's quota is used up",
      () => http((_request, response) => response.writeHead(400).end('{"error":"ERR max requests limit exceeded"}')),
      (host) => upstash({ url: `http://${host}`, token }),
      /^400 from Upstash: ERR max requests limit exceeded$/,
    ],
    [
      "the URL leads to a web page",
      () => http((_request, response) => response.end("<html>")),
      (host) => upstash({ url: `http://${host}`, token }),
      /^127\.0\.0\.1:\d+ answers 200, but not as Upstash does: is the URL right\?$/,
    ],
    [
      "nothing listens there, by Upstash",
      nowhere,
      (host) => upstash({ url: `http://${host}`, token }),
      /^Nothing listens at 127\.0\.0\.1:\d+: is it running/,
    ],
    [
      "what listens speaks no HTTP",
      () => tcp(saying("+PONG\r\n")),
      (host) => upstash({ url: `http://${host}`, token }),
      /does not speak HTTP: is the URL right\?$/,
    ],
    ["nothing listens there, by TCP", nowhere, (host) => redis({ url: `redis://${host}` }), /^Nothing listens at 127/],
    [
      "what listens is no Redis",
      () => tcp(saying("HTTP/1.1 400 Bad Request\r\n\r\n")),
      (host) => redis({ url: `redis://${host}` }),
      /^What answers at 127\.0\.0\.1:\d+ is no Redis: is the port right\?$/,
    ],
    [
      "Redis wants a password",
      async () => {
        const call = () => Promise.reject(new ReplyError("NOAUTH Authentication required."));
        const server = await RespServer.start({ executor: { call, close: async () => {} } });
        cleanUps.push(() => server.close());
        return new URL(server.url).host;
      },
      (host) => redis({ url: `redis://${host}` }),
      /refuses the login/,
    ],
    [
      "Redis refuses the password",
      () => tcp(saying("-WRONGPASS invalid username-password pair or user is disabled.\r\n")),
      (host) => redis({ url: `redis://:${token}@${host}` }),
      /refuses the login/,
    ],
    [
      "what listens hangs up",
      () => tcp((socket) => socket.destroy()),
      (host) => redis({ url: `redis://${host}` }),
      /^127\.0\.0\.1:\d+ hung up/,
    ],
  ])("%s", async (_what, start, factory, sentence) => {
    const { cache } = open(factory(await start()));
    const failure = await cache.ready().catch((error: Error) => error);
    expect(failure).toMatchObject({ name: "StoreNotReadyError", message: expect.stringMatching(sentence) });
    expect(String(failure)).not.toContain(token);
  });

  test("scripts are not allowed", async () => {
    const executor = {
      call: () => Promise.reject(new ReplyError("NOPERM this user has no permissions to run the 'eval' command")),
      close: async () => {},
    };
    await expect(open(executorStore(executor)).cache.ready()).rejects.toThrow(/runs no scripts \(error-reply\)/);
  });

  test.each([
    ["no URL at all", () => upstash({ url: "eu1-fit-bear", token }), /is no URL/],
    ["the TCP URL of an Upstash database", () => upstash({ url: "rediss://eu1.upstash.io", token }), /use redis\(\)/],
    ["the REST URL of an Upstash database", () => redis({ url: "https://eu1.upstash.io" }), /begins with redis:\/\//],
  ])("%s, at once", (_what, factory, sentence) => {
    expect(() => createCache({ store: factory() })).toThrow(sentence);
  });
});

describe("a store that has not worked once since the start", () => {
  const reads = async (cache: Cache, count: number) => {
    for (let n = 0; n < count; n += 1) expect((await cache.getOrSet(`k${n}`, async () => n, POLICY)).value).toBe(n);
  };

  test("is reported once, with the reason", async () => {
    const { cache, warnings } = open(upstash({ url: `http://${await nowhere()}`, token, breakerFailures: 100 }));
    await reads(cache, 2);
    expect(warnings).toEqual([]);
    await reads(cache, 10);
    await vi.waitFor(() => expect(warnings).toHaveLength(1));
    expect(warnings[0]).toMatch(/has not worked once since the start.* Nothing listens at 127/);
    await reads(cache, 10);
    expect(warnings).toHaveLength(1);
  });

  test("is a warning of the process by default", async () => {
    const told = new Promise<Error>((resolve) => process.once("warning", resolve));
    const cache = createCache({ store: upstash({ url: `http://${await nowhere()}`, token }) });
    cleanUps.push(() => cache.close());
    await reads(cache, 5);
    expect(await told).toMatchObject({ name: "CacheWarning", message: expect.stringContaining("has not worked once") });
  });

  test("is not given for a store that worked before it failed", async () => {
    const answers = [[[0, -1, "", ""]]];
    const executor: RedisExecutor = {
      call: async () => answers.shift() ?? Promise.reject(new ReplyError("ERR out of order")),
      close: async () => {},
    };
    const { cache, warnings } = open(executorStore(executor));
    await cache.get("k", POLICY);
    await reads(cache, 10);
    await cache.close();
    expect(warnings).toEqual([]);
  });

  test("contains the answer of a store that answers", async () => {
    const executor: RedisExecutor = {
      call: async ([, , count]) => (Number(count) === 0 ? [] : Promise.reject(new ReplyError("ERR out of order"))),
      close: async () => {},
    };
    const { cache, warnings } = open(executorStore(executor));
    await reads(cache, 5);
    await vi.waitFor(() => expect(warnings).toEqual([expect.stringContaining("failed (error-reply)")]));
  });
});

describe("closing", () => {
  test("waits for running fills", async () => {
    const stored: string[] = [];
    const release = Promise.withResolvers<void>();
    const { cache } = open((parts) => {
      const store = memory()(parts);
      const fill = store.fill.bind(store);
      store.fill = async (request) => {
        await release.promise;
        stored.push(request.key);
        return fill(request);
      };
      return store;
    });
    await cache.getOrSet("k", async () => 1, POLICY);
    const closed = cache.close().then(() => stored.push("closed"));
    release.resolve();
    await closed;
    expect(stored).toEqual(["k", "closed"]);
  });

  test("frees the sockets, and the cache only loads from then on", async () => {
    const sockets = new Set<Socket>();
    const ended: Promise<unknown>[] = [];
    const host = await tcp((socket) => {
      sockets.add(socket);
      ended.push(new Promise((resolve) => socket.on("close", resolve)));
      socket.on("data", () => socket.write("*0\r\n"));
    });
    const { cache } = open(redis({ url: `redis://${host}` }));
    await cache.getOrSet("k", async () => 1, POLICY);
    await cache.close();
    await Promise.all(ended);
    expect((await cache.getOrSet("k", async () => 2, POLICY)).value).toBe(2);
  });
});
