import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import { appRouter } from "@/server/router";
import { collect } from "@/tests/support/collect";
import type { Fault as DatabaseFault, FaultProxy } from "@/tests/support/database/fault-proxy";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { ModelAnswer, ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import { CacheRedis } from "@/tests/support/redis/cache-redis";
import type { Fault as RedisFault } from "@/tests/support/redis/fault";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");
const sql = createSqlClient(stack);

/** Contained in every text that the person and the model write. */
const SEED = "zeppelin";

let redis: CacheRedis;
let proxy: FaultProxy;
let model: ModelServer;
/** What libraries print without the logger. */
const printed: string[] = [];
beforeAll(async () => {
  [redis, proxy, model] = await Promise.all([CacheRedis.start(), startFaultProxy(stack.url), startModelServer()]);
  for (const method of ["debug", "info", "log", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((...what) => void printed.push(inspect(what)));
  }
});
afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all([redis.stop(), proxy.close(), model.close()]);
});

interface World {
  person: Person;
  caller: ReturnType<TestApp["as"]>;
}

interface Ids {
  sessionId: string;
  dreamId: string;
  patternId: string;
  reflectionId: string;
  messageId: string;
}

type Call = (world: World, ids: Ids) => Promise<unknown>;

const words = (about: string) => `My ${SEED} and ${about}`;

/** Every procedure of the router, called with the person's words in every text field. */
const CALLS: Record<string, Call> = {
  "account.get": ({ caller }) => caller.account.get(),
  "account.update": ({ caller }) => caller.account.update({ name: words("me") }),
  "account.tokensToday": ({ caller }) => caller.account.tokensToday(),
  "account.export": ({ caller }) => caller.account.export(),
  "clarifyContext.user": ({ caller }) => caller.clarifyContext.user(),
  "clarifyContext.dreams": ({ caller }) => caller.clarifyContext.dreams(),
  "clarifyContext.patterns": ({ caller }) => caller.clarifyContext.patterns(),
  "clarifyContext.sessions": ({ caller }) => caller.clarifyContext.sessions(),
  "clarifyContext.reflections": ({ caller }) => caller.clarifyContext.reflections(),
  "clarifyContext.get": ({ caller }, { sessionId }) => caller.clarifyContext.get({ sessionId }),
  "clarifyContext.invalidate": ({ caller }) => caller.clarifyContext.invalidate({}),
  "dreams.list": ({ caller }) => caller.dreams.list({}),
  "dreams.create": ({ caller }) => caller.dreams.create({ title: words("dreams"), description: words("why") }),
  "dreams.update": ({ caller }, { dreamId }) => caller.dreams.update({ dreamId, title: words("new dreams") }),
  "dreams.setStatus": ({ caller }, { dreamId }) => caller.dreams.setStatus({ dreamId, status: "achieved" }),
  "dreams.setPaused": ({ caller }, { dreamId }) => caller.dreams.setPaused({ dreamId, paused: true }),
  "dreams.remove": ({ caller }, { dreamId }) => caller.dreams.remove({ dreamId }),
  "insights.get": ({ caller }) => caller.insights.get({ range: "1h" }),
  "knowledge.search": ({ caller }) => caller.knowledge.search({ search: SEED }),
  "knowledge.forget": ({ caller }, { dreamId }) => caller.knowledge.forget({ items: [{ kind: "dream", id: dreamId }] }),
  "messages.voice": ({ caller }) => caller.messages.voice(),
  "messages.list": ({ caller }, { sessionId }) => caller.messages.list({ sessionId }),
  "messages.summary": ({ caller }, { sessionId }) => caller.messages.summary({ sessionId }),
  "messages.send": async ({ caller }, { sessionId, messageId }) =>
    collect(await caller.messages.send({ sessionId, id: messageId, content: words("a message") })),
  "messages.resume": async ({ caller }, { sessionId }) => {
    const { items } = await caller.messages.list({ sessionId });
    return collect(await caller.messages.resume({ sessionId, replyId: items.at(-1)?.id ?? crypto.randomUUID() }));
  },
  "messages.regenerate": async ({ caller }, { sessionId, messageId }) =>
    collect(await caller.messages.regenerate({ sessionId, messageId, replyId: crypto.randomUUID() })),
  "messages.edit": async ({ caller }, { sessionId, messageId }) => {
    const again = { sessionId, messageId, replyId: crypto.randomUUID(), content: words("another message") };
    return collect(await caller.messages.edit(again));
  },
  "messages.choose": ({ caller }, { sessionId, messageId }) =>
    caller.messages.choose({ sessionId, messageId, variant: 1 }),
  "messages.follow": async ({ caller }, { sessionId, messageId }) =>
    collect(await caller.messages.follow({ sessionId, messageId })),
  "messages.stop": ({ caller }, { sessionId }) => caller.messages.stop({ sessionId }),
  "messages.prewarm": ({ caller }, { sessionId }) => caller.messages.prewarm({ sessionId }),
  "patterns.list": ({ caller }) => caller.patterns.list({}),
  "patterns.learning": ({ caller }) => caller.patterns.learning(),
  "patterns.messages": ({ caller }, { patternId }) => caller.patterns.messages({ patternId }),
  "patterns.update": ({ caller }, { patternId }) => caller.patterns.update({ patternId, content: words("a pattern") }),
  "patterns.setPaused": ({ caller }, { patternId }) => caller.patterns.setPaused({ patternId, paused: true }),
  "patterns.remove": ({ caller }, { patternId }) => caller.patterns.remove({ patternId }),
  "receipts.list": ({ caller }, { sessionId }) => caller.receipts.list({ sessionId }),
  "reflections.list": ({ caller }) => caller.reflections.list({}),
  "reflections.create": ({ caller }) => caller.reflections.create({ tone: "calm", content: words("an evening") }),
  "reflections.update": ({ caller }, { reflectionId }) =>
    caller.reflections.update({ reflectionId, content: words("another evening") }),
  "reflections.setPaused": ({ caller }, { reflectionId }) =>
    caller.reflections.setPaused({ reflectionId, paused: true }),
  "reflections.remove": ({ caller }, { reflectionId }) => caller.reflections.remove({ reflectionId }),
  "sessions.list": ({ caller }) => caller.sessions.list({ status: "active" }),
  "sessions.get": ({ caller }, { sessionId }) => caller.sessions.get({ sessionId }),
  "sessions.search": ({ caller }) => caller.sessions.search({ search: SEED }),
  "sessions.create": ({ caller }) => caller.sessions.create({}),
  "sessions.rename": ({ caller }, { sessionId }) => caller.sessions.rename({ sessionId, title: words("a title") }),
  "sessions.setOffRecord": ({ caller }, { sessionId }) => caller.sessions.setOffRecord({ sessionId, offRecord: true }),
  "sessions.archive": ({ caller }, { sessionId }) => caller.sessions.archive({ sessionId }),
  "sessions.restore": ({ caller }, { sessionId }) => caller.sessions.restore({ sessionId }),
  "sessions.remove": ({ caller }, { sessionId }) => caller.sessions.remove({ sessionId }),
  "lookBack.read": ({ caller }) =>
    caller.lookBack.read({ from: "2026-10-01T00:00:00.000Z", until: "2026-11-01T00:00:00.000Z" }),
  "bin.list": ({ caller }) => caller.bin.list({}),
  "bin.restore": ({ caller }, { sessionId }) => caller.bin.restore({ kind: "conversation", id: sessionId }),
  "account.remove": ({ caller, person }) => caller.account.remove({ email: person.email }),
};

async function createLife(): Promise<{ app: TestApp; world: World; ids: Ids }> {
  const voice = createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock: systemClock });
  const person = await createPerson(stack, { name: words("me") });
  const app = createTestApp({
    stack: { ...stack, url: proxy.url },
    store: redis.store({ breakerFailures: 2, breakerOpenMs: 1 }),
    voice,
    operators: [person.id],
  });
  const insert = async (table: string, columns: string) => {
    const rows = await sql(`insert into public.${table} ${columns} returning id`, [person.id, words(table)]);
    return String(rows[0]?.id);
  };
  const ids = {
    sessionId: await insert("clarify_sessions", "(user_id, title) values ($1, $2)"),
    dreamId: await insert("dreams", "(user_id, title) values ($1, $2)"),
    patternId: await insert("clarify_patterns", "(user_id, type, content, strength) values ($1, 'tension', $2, 5)"),
    reflectionId: await insert("reflections", "(user_id, tone, content) values ($1, 'calm', $2)"),
    messageId: crypto.randomUUID(),
  };
  return { app, world: { person, caller: app.as(person) }, ids };
}

/** Calls everything; failures are ignored. */
async function callAll({ app, world, ids }: Awaited<ReturnType<typeof createLife>>): Promise<number> {
  let failures = 0;
  for (const call of Object.values(CALLS)) {
    await call(world, ids).catch((error: unknown) => {
      failures += 1;
      // A page that gets it prints it.
      printed.push(inspect(error, { depth: 10 }));
    });
    await app.backgroundDone();
  }
  return failures;
}

interface Trouble {
  begin(life: Awaited<ReturnType<typeof createLife>>): Promise<void> | void;
  /** Whether calls fail because of it. */
  fails: boolean;
}

/** A database error that quotes the row, as PostgreSQL does. */
const QUOTING = { code: "XX000", message: words("an error"), details: `Failing row contains (${words("a row")})` };

const answering = (answer: ModelAnswer) => () => {
  model.otherwise = answer;
};
const brokenDatabase = (fault: DatabaseFault, where: RegExp) => () => {
  proxy.inject(fault, where);
};
const brokenRedis = (fault: RedisFault) => () => {
  redis.server.fault = fault;
};

const TROUBLES: Record<string, Trouble> = {
  "nothing goes wrong": { begin: () => {}, fails: false },
  "the database fails and quotes rows": {
    begin: brokenDatabase({ kind: "error", body: QUOTING }, /rest\/v1/),
    fails: true,
  },
  "the database drops what is written": {
    begin: brokenDatabase({ kind: "refuse" }, /^(POST|PATCH|DELETE) \/rest\/v1/),
    fails: true,
  },
  "a page answers instead of the database": {
    begin: brokenDatabase({ kind: "html", status: 200 }, /rest\/v1/),
    fails: true,
  },
  "something throws words that nobody expected": {
    begin({ app }) {
      app.services.limiter = { take: () => Promise.reject(new Error(words("a limit"))) };
    },
    fails: true,
  },
  "loading throws words that nobody expected": {
    begin({ app }) {
      app.services.openDatabase = () => {
        throw new Error(words("a database"));
      };
    },
    fails: true,
  },
  "Redis quotes commands": {
    begin: brokenRedis({ kind: "nonsense", body: JSON.stringify({ error: `ERR ${words("a command")}` }) }),
    fails: false,
  },
  "Redis fails": { begin: brokenRedis({ kind: "status", status: 500 }), fails: false },
  "the cache holds words instead of entries": { begin: corruptCache, fails: false },
  "the model says nonsense": { begin: answering({ kind: "malformed", words: [words("a reply")] }), fails: false },
  "the model breaks off": { begin: answering({ kind: "cut", words: [words("a reply")] }), fails: false },
  "the model refuses": { begin: answering({ kind: "error", status: 400, type: words("a type") }), fails: true },
};

describe("a whole run's logs", () => {
  it("are of a run of every procedure", () => {
    expect(Object.keys(CALLS).sort()).toEqual(Object.keys(appRouter._def.procedures).sort());
  });

  it.each(Object.entries(TROUBLES))(
    "hold nothing that the person wrote when %s, and say which request each line belongs to",
    async (_what, { begin, fails }) => {
      printed.length = 0;
      model.otherwise = { kind: "reply", words: [words("a reply")] };
      const life = await createLife();
      await begin(life);
      const failures = await callAll(life);
      proxy.heal();
      redis.server.fault = { kind: "none" };

      expect(failures > 0).toBe(fails);
      const lines = life.app.logLines();
      expect(lines.filter(({ msg }) => msg === "context built").length).toBeGreaterThan(0);
      const text = [...lines.map((line) => JSON.stringify(line)), ...printed].join("\n");
      for (const own of [SEED, life.world.person.email, life.world.person.id, life.world.person.accessToken]) {
        expect(text).not.toContain(own);
      }
      for (const line of lines) expect(line, JSON.stringify(line)).toHaveProperty("requestId");
    },
  );
});

/** Overwrites the cached entries with other text of the person. */
async function corruptCache({ app, world, ids }: Awaited<ReturnType<typeof createLife>>): Promise<void> {
  await CALLS["clarifyContext.get"]?.(world, ids);
  await app.backgroundDone();
  for (const key of await redis.keys()) {
    if (key.endsWith(":entry")) await redis.call("SET", key, words("an entry"));
  }
}
