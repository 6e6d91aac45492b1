import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { startModelServer } from "../support/model/anthropic-server";
import { findRedis } from "../support/redis/find-redis";
import { likeUpstash } from "../support/redis/like-upstash";
import { RespServer } from "../support/redis/resp-server";
import { RestServer } from "../support/redis/rest-server";
import { TcpProxy } from "../support/redis/tcp-proxy";
import type { BackendCall, BackendReply } from "./backend-client";
import { Conversations } from "./conversations";
import { fixedRows } from "./fixed-rows";

// The other side of every measurement, in a process of its own so that its work is not counted as ours: Redis behind
// REST, and a stand-in for the database's API that answers after a set time: reads with fixed rows, conversations with
// their stored messages.

const found = await findRedis();
const redis = await RestServer.start({ executor: likeUpstash(found.executor) });
const redisTcp = await RespServer.start({ executor: found.executor });
const redisProxy = found.url === undefined ? null : await TcpProxy.start(found.url);
const redisElsewhere = await RestServer.start({ executor: likeUpstash(found.executor) });
const redisProxyElsewhere = found.url === undefined ? null : await TcpProxy.start(found.url);
const here = [redis, redisTcp, redisProxy].filter((way) => way !== null);
const elsewhere = [redisElsewhere, redisProxyElsewhere].filter((way) => way !== null);
const ways = [...here, ...elsewhere];
const model = await startModelServer();
const conversations = new Conversations();

let databaseMs = 0;
let version = 1;
let databaseRequests: Record<string, number> = {};

const database = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://database");
  const table = url.pathname.split("/").at(-1) ?? "";
  const sent = await text(request);
  databaseRequests[table] = (databaseRequests[table] ?? 0) + 1;
  // A query returns the state at its beginning, however long it takes.
  const body = JSON.stringify(conversations.answer(url, sent) ?? fixedRows(table, version));
  if (databaseMs > 0) await sleep(databaseMs);
  response.writeHead(200, { "content-type": "application/json" });
  response.end(body);
});
// Idle connections stay open, because reusing one that is just being closed would look like a fault.
database.keepAliveTimeout = 0;
await new Promise<void>((resolve) => database.listen(0, "127.0.0.1", resolve));
const { port } = database.address() as AddressInfo;

async function handle(call: BackendCall): Promise<BackendReply["result"]> {
  switch (call.do) {
    case "latency":
      databaseMs = call.databaseMs;
      for (const way of ways) way.latencyMs = call.redisMs;
      return null;
    case "version":
      version = call.version;
      return null;
    case "fault":
      for (const server of call.elsewhere ? elsewhere : here) {
        if (call.fault.kind === "refuse") await server.refuse();
        else server.fault = call.fault;
      }
      return null;
    case "recover":
      for (const server of ways) {
        server.fault = { kind: "none" };
        await server.close();
        await server.accept();
      }
      return null;
    case "reset":
      databaseRequests = {};
      for (const way of ways) way.resetCounters();
      return null;
    case "counters":
      return {
        databaseRequests,
        redisRequests: ways.reduce((sum, { requests }) => sum + requests, 0),
        redisCommands: ways.reduce((sum, { commands }) => sum + commands, 0),
      };
    case "prompts":
      return model.requests.splice(0);
    case "stop":
      await model.close();
      for (const way of ways) await way.close();
      await found.stop();
      process.exit(0);
  }
}

process.on("message", (message: { id: number; call: BackendCall }) => {
  void handle(message.call).then((result) => process.send?.({ id: message.id, result } satisfies BackendReply));
});
process.on("disconnect", () => process.exit(0));
/** If asked for, our own subjects and their peers use a real database instead of the stand-in's REST. */
const { BENCH_REDIS, UPSTASH_TEST_URL, UPSTASH_TEST_TOKEN } = process.env;
const real = BENCH_REDIS === "upstash" ? { url: UPSTASH_TEST_URL ?? "", token: UPSTASH_TEST_TOKEN ?? "" } : redis;
process.send?.({
  id: 0,
  result: {
    databaseUrl: `http://127.0.0.1:${port}`,
    redisUrl: real.url,
    redisToken: real.token,
    redisTcpUrl: redisTcp.url,
    redisServerUrl: found.url ?? null,
    redisProxyUrl: redisProxy?.url ?? null,
    elsewhere: { redisUrl: redisElsewhere.url, redisProxyUrl: redisProxyElsewhere?.url ?? null },
    modelUrl: model.url,
  },
});
