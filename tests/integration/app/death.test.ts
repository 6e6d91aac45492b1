import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { z } from "zod";
import * as cacheScripts from "@/server/cache/protocol/scripts";
import { collect } from "@/tests/support/collect";
import type { FaultProxy, SeenRequest } from "@/tests/support/database/fault-proxy";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import { createHttpClient } from "@/tests/support/http-client";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import type { Command } from "@/tests/support/redis/executor";
import type { FoundRedis } from "@/tests/support/redis/find-redis";
import { spawnRedis } from "@/tests/support/redis/find-redis";
import { canStartServers } from "@/tests/support/redis/redis-servers";
import { TcpProxy } from "@/tests/support/redis/tcp-proxy";

// A process that dies at any of its steps. A step is a call to the database, to the model or to Redis: between two of them
// a process does nothing that others can see. It is killed while one call of each person is not passed on yet, or is done
// and not answered. Then they do the same again at another process.

type Flow = "build" | "write" | "message" | "stop" | "resume";

const SECTIONS = ["GET clarify_patterns", "GET clarify_sessions", "GET dreams", "GET reflections", "GET users"];

/** Every call of each flow to the database. One that is new fails until it stands here, and is a case from then on. */
const CALLS: Record<Flow, readonly string[]> = {
  build: SECTIONS,
  write: ["POST dreams"],
  message: [...SECTIONS, "POST begin_conversation", "POST count_model_calls", "POST store_reply"],
  stop: ["POST running_reply", "POST stop_reply"],
  resume: ["GET clarify_sessions", "POST begin_resume", "POST count_model_calls", "POST extend_reply"],
};
const FLOWS = Object.keys(CALLS).filter((flow): flow is Flow => flow in CALLS);

/** The flows that call the model. */
const SPOKEN = ["message", "resume"] as const satisfies readonly Flow[];

/** Every call of these flows to Redis, with a flow that makes it. */
const REDIS_CALLS: Record<string, Flow> = {
  READ_OR_LEASE: "build",
  FILL: "build",
  FENCE: "write",
  RELEASE: "write",
  "limit:message:…": "message",
  "unsaved:…:…": "message",
  "reply:…:stop": "stop",
};
/** Is sent only while a load takes long. */
const IN_A_LONG_LOAD = "RENEW";

/** When a process dies: before a call is passed on, or after it is done and before it is answered. */
const MOMENTS = ["before", "after"] as const;
type Moment = (typeof MOMENTS)[number];

/** A claim on a reply runs out after 15 seconds; the rest is for a busy machine. */
const FREE_AGAIN_MS = 30_000;

const stack = inject("stack");
const sql = createSqlClient(stack);
const possible = canStartServers("a process that dies");

/** The model says these words to whoever writes the marker, and then nothing more. */
const held = new Map<string, string[]>();
let redis: FoundRedis | undefined;
let model: ModelServer;
let survivor: AppProcess;
beforeAll(async () => {
  if (!possible) return;
  [redis, model] = await Promise.all([spawnRedis(), startModelServer()]);
  model.otherwise = ({ messages }) => {
    const asked = JSON.stringify(messages);
    for (const [marker, words] of held) if (asked.includes(marker)) return { kind: "hang", words };
    return { kind: "reply", words: ["Good ", "day."] };
  };
  survivor = await startProcess(stack.url, redisUrl());
}, 120_000);
afterAll(async () => {
  if (!possible) return;
  await survivor.kill();
  await model.close();
  await redis?.stop();
});

function redisUrl(): string {
  if (redis?.url === undefined) throw new Error("There is no Redis");
  return redis.url;
}

interface AppProcess {
  pid: number;
  /** Resolves when it has ended, with its exit code and the signal that killed it. */
  gone: Promise<unknown[]>;
  as(person: Person): ReturnType<typeof createHttpClient>;
  kill(): Promise<void>;
}

/** @param options of Node.js */
async function startProcess(databaseUrl: string, cacheUrl: string, options: string[] = []): Promise<AppProcess> {
  const child = fork("tests/bench/fleet/app-worker.ts", {
    execArgv: ["--import", "tsx", ...options],
    env: {
      ...process.env,
      NODE_ENV: "production",
      LOG_LEVEL: "silent",
      SUPABASE_URL: databaseUrl,
      SUPABASE_JWT_ISSUER: new URL("/auth/v1", stack.url).href,
      SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
      SUPABASE_JWT_SECRET: stack.jwtSecret,
      REDIS_URL: cacheUrl,
      ANTHROPIC_API_KEY: "a-key-for-the-test-server",
      ANTHROPIC_BASE_URL: model.url,
      MESSAGES_PER_MINUTE: "1000",
      CONSISTENCY_SAMPLE: "0",
    },
  });
  const gone = once(child, "exit");
  const [said] = await once(child, "message");
  const { url } = z.object({ url: z.string() }).parse(said);
  if (child.pid === undefined) throw new Error("The process has no id");
  return {
    pid: child.pid,
    gone,
    as: (person) => createHttpClient(url, person),
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** A process behind proxies of its own. */
interface Victim extends AppProcess {
  database: FaultProxy;
  redis: TcpProxy;
}

async function startVictim(): Promise<Victim> {
  const [database, redisProxy] = await Promise.all([startFaultProxy(stack.url), TcpProxy.start(redisUrl())]);
  const app = await startProcess(database.url, redisProxy.url);
  return {
    ...app,
    database,
    redis: redisProxy,
    async kill() {
      await app.kill();
      await Promise.all([database.close(), redisProxy.close()]);
    },
  };
}

/** What one person does at the process that dies, and how they find everything at the other one. */
interface Scenario {
  person: Person;
  /** Is part of everything that they say. */
  marker: string;
  act(app: AppProcess): Promise<unknown>;
  goOn(): Promise<void>;
}

const SCENARIOS: Record<Flow, () => Promise<Scenario>> = {
  async build() {
    const { person, marker } = await newPerson();
    await survivor.as(person).dreams.create.mutate({ title: marker });
    await survivor.as(person).clarifyContext.invalidate.mutate({});
    const build = (app: AppProcess) => app.as(person).clarifyContext.get.query({ sessionId: null });
    return {
      person,
      marker,
      act: build,
      async goOn() {
        expect((await build(survivor)).text).toContain(marker);
        // It is kept again, though a process died that was to load it.
        await expect
          .poll(async () => (await build(survivor)).sections.map(({ source }) => source), { timeout: FREE_AGAIN_MS })
          .toEqual(Array(5).fill(expect.stringMatching(/^(fresh|near)$/)));
      },
    };
  },

  async write() {
    const { person, marker } = await newPerson();
    const dream = { id: randomUUID(), title: marker };
    const inContext = async () => (await survivor.as(person).clarifyContext.dreams.query()).map(({ title }) => title);
    await survivor.as(person).clarifyContext.get.query({ sessionId: null });
    return {
      person,
      marker,
      act: (app) => app.as(person).dreams.create.mutate(dream),
      async goOn() {
        const stored = await sql("select title from dreams where user_id = $1", [person.id]);
        expect(await inContext()).toEqual(stored.map(({ title }) => title));
        await survivor.as(person).dreams.create.mutate(dream);
        expect(await inContext()).toEqual([marker]);
        expect(await sql("select id from dreams where user_id = $1", [person.id])).toEqual([{ id: dream.id }]);
      },
    };
  },

  async message() {
    const { person, marker } = await newPerson();
    const message = { sessionId: randomUUID(), id: randomUUID(), content: marker, opens: { offRecord: false } };
    return {
      person,
      marker,
      act: (app) => send(app, person, message),
      async goOn() {
        await send(survivor, person, message);
        expect(await storedOf(person)).toEqual([
          { role: "user", content: marker, status: "complete" },
          { role: "assistant", content: "Good day.", status: "complete" },
        ]);
        const conversations = await survivor.as(person).clarifyContext.sessions.query();
        expect(conversations).toEqual([expect.objectContaining({ id: message.sessionId })]);
      },
    };
  },

  async stop() {
    const { person, marker } = await newPerson();
    const { message, reply } = await begunReply(person, marker);
    const stop = (app: AppProcess) =>
      app.as(person).messages.stop.mutate({ sessionId: message.sessionId, messageId: message.id });
    return {
      person,
      marker,
      act: stop,
      async goOn() {
        await stop(survivor);
        await reply;
        held.delete(marker);
        await send(survivor, person, { sessionId: message.sessionId, id: randomUUID(), content: "And now?" });
        expect(await storedOf(person)).toEqual([
          { role: "user", content: marker, status: "complete" },
          { role: "assistant", content: "I begin", status: "interrupted" },
          { role: "user", content: "And now?", status: "complete" },
          { role: "assistant", content: "Good day.", status: "complete" },
        ]);
      },
    };
  },

  async resume() {
    const { person, marker } = await newPerson();
    const { message, reply } = await begunReply(person, marker);
    const { sessionId } = message;
    await survivor.as(person).messages.stop.mutate({ sessionId, messageId: message.id });
    await reply;
    held.delete(marker);
    const [stored] = await sql("select id from clarify_messages where reply_to = $1", [message.id]);
    const resume = async (app: AppProcess) =>
      collect(await app.as(person).messages.resume.mutate({ sessionId, replyId: String(stored?.id), timeZone: "UTC" }));
    return {
      person,
      marker,
      act: resume,
      async goOn() {
        await resume(survivor);
        expect(await storedOf(person)).toEqual([
          { role: "user", content: marker, status: "complete" },
          { role: "assistant", content: "I beginGood day.", status: "complete" },
        ]);
      },
    };
  },
};

async function newPerson(): Promise<{ person: Person; marker: string }> {
  return { person: await createPerson(stack, { name: "Noa" }), marker: `the sea ${randomUUID()}` };
}

interface Sent {
  sessionId: string;
  id: string;
  content: string;
  opens?: { offRecord: boolean };
}

async function send(app: AppProcess, person: Person, message: Sent) {
  return collect(await app.as(person).messages.send.mutate({ ...message, timeZone: "UTC" }));
}

/** A reply that the other process has begun to write, and does not end. */
async function begunReply(person: Person, marker: string) {
  held.set(marker, ["I begin"]);
  const message = { sessionId: randomUUID(), id: randomUUID(), content: marker, opens: { offRecord: false } };
  const events = await survivor.as(person).messages.send.mutate({ ...message, timeZone: "UTC" });
  const begun = Promise.withResolvers<void>();
  const reply = (async () => {
    for await (const event of events) if (event.type === "text") begun.resolve();
  })();
  reply.catch(begun.reject);
  await begun.promise;
  return { message, reply };
}

function storedOf(person: Person) {
  return sql("select role, content, status from clarify_messages where user_id = $1 order by created_at, id", [
    person.id,
  ]);
}

const callOf = ({ method, path }: SeenRequest) => `${method} ${path.replace(/^\/rest\/v1\/(rpc\/)?|\?.*$/g, "")}`;
const callsOf = ({ requests }: FaultProxy, { id }: Person) =>
  [...new Set(requests.filter(({ caller }) => caller === id).map(callOf))].sort();

const SCRIPTS = new Map(
  Object.entries(cacheScripts).flatMap(([name, script]) =>
    typeof script === "object" ? [[script.sha, name] as const] : [],
  ),
);

/** What a command is for, without whose; null for what belongs to nobody. */
function redisCallOf(command: Command): string | null {
  const [name, script, , key = ""] = command.map(String);
  if (name?.toUpperCase() !== "EVALSHA" || !/[0-9a-f-]{36}/.test(key)) return null;
  return SCRIPTS.get(String(script)) ?? key.replace(/\{?[0-9a-f-]{36}\}?/g, "…");
}

/** Resolves when the person's call is where it is held. */
async function heldAt(victim: Victim, { person, marker }: Scenario, call: string, moment: Moment): Promise<void> {
  if (call === "the model") {
    await expect
      .poll(() => model.requests.some((request) => JSON.stringify(request).includes(marker)), PATIENT)
      .toBe(true);
    return;
  }
  const isHeld = (seen: SeenRequest) => seen.caller === person.id && callOf(seen) === call;
  await expect
    .poll(
      () => victim.database.requests.some((seen) => isHeld(seen) && (moment === "before" || seen.answered)),
      PATIENT,
    )
    .toBe(true);
}

const PATIENT = { timeout: 30_000 };

describe.skipIf(!possible)("a process that is killed", () => {
  it("has no step that is not tried here", async () => {
    const victim = await startVictim();
    const redisCalls = new Set<string>();
    victim.redis.onCommands = (commands) => {
      for (const call of commands.map(redisCallOf)) if (call !== null && call !== IN_A_LONG_LOAD) redisCalls.add(call);
    };
    for (const flow of FLOWS) {
      const scenario = await SCENARIOS[flow]();
      await scenario.act(victim);
      await expect.poll(() => callsOf(victim.database, scenario.person), PATIENT).toEqual(CALLS[flow]);
    }
    await expect.poll(() => [...redisCalls].sort(), PATIENT).toEqual(Object.keys(REDIS_CALLS).sort());
    await victim.kill();
  }, 120_000);

  it.each(MOMENTS)(
    "%s any call to the database or the model leaves everybody as if they had not asked yet, or had",
    async (moment) => {
      const victim = await startVictim();
      const cases = [
        ...FLOWS.flatMap((flow) => CALLS[flow].map((call) => ({ flow, call }))),
        ...SPOKEN.map((flow) => ({ flow, call: "the model" })),
      ];
      const dying = await Promise.all(
        cases.map(async ({ flow, call }) => ({ flow, call, ...(await SCENARIOS[flow]()) })),
      );
      model.requests.length = 0;
      for (const { call, person, marker, act } of dying) {
        if (call === "the model") held.set(marker, moment === "before" ? [] : ["I begin"]);
        else {
          victim.database.inject(
            { kind: "hang", applied: moment === "after" },
            (seen) => seen.caller === person.id && callOf(seen) === call,
          );
        }
        act(victim).catch(() => undefined); // Its process is killed.
      }
      await Promise.all(dying.map((scenario) => heldAt(victim, scenario, scenario.call, moment)));
      await victim.kill();
      for (const { marker } of dying) held.delete(marker);
      const outcomes = await Promise.allSettled(
        dying.map(({ flow, call, goOn }) =>
          inTime(goOn()).catch((cause: unknown) => {
            throw new Error(`${flow}, ${moment} ${call}`, { cause });
          }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([]);
    },
    180_000,
  );

  it("by its own use of memory leaves a message to others", async () => {
    // Asked by a signal, it uses more and more memory, as a leak would.
    const leak =
      "process.on('SIGUSR2', () => { const all = []; for (;;) all.push(Array(100000).fill(0).map(String)); })";
    const leaking = ["--max-old-space-size=200", "--import", `data:text/javascript,${encodeURIComponent(leak)}`];
    const victim = await startProcess(stack.url, redisUrl(), leaking);
    const scenario = await SCENARIOS.message();
    held.set(scenario.marker, ["I begin"]);
    scenario.act(victim).catch(() => undefined); // Its process ends.
    await expect
      .poll(() => model.requests.some((request) => JSON.stringify(request).includes(scenario.marker)), PATIENT)
      .toBe(true);
    process.kill(victim.pid, "SIGUSR2");
    await victim.gone;
    held.delete(scenario.marker);
    await inTime(scenario.goOn());
  }, 120_000);

  it.each(Object.entries(REDIS_CALLS).flatMap(([call, flow]) => MOMENTS.map((moment) => ({ call, flow, moment }))))(
    "$moment $call reaches Redis leaves nothing stale or claimed",
    async ({ call, flow, moment }) => {
      const victim = await startVictim();
      const scenario = await SCENARIOS[flow]();
      const isThere = Promise.withResolvers<void>();
      victim.redis.onCommands = (commands) => {
        if (!commands.some((command) => redisCallOf(command) === call)) return;
        victim.redis.fault = { kind: "hang", applied: moment === "after" };
        if (moment === "before") isThere.resolve();
        else victim.redis.onAnswer = isThere.resolve;
      };
      scenario.act(victim).catch(() => undefined); // Its process is killed.
      await isThere.promise;
      await victim.kill();
      await inTime(scenario.goOn());
    },
    120_000,
  );
});

describe.skipIf(!possible)("a process that is asked to end", () => {
  it("while it waits for any call to the database does first what it was asked", async () => {
    const victim = await startVictim();
    const cases = FLOWS.flatMap((flow) => CALLS[flow].map((call) => ({ flow, call })));
    const scenarios = await Promise.all(cases.map(async ({ flow, call }) => ({ call, ...(await SCENARIOS[flow]()) })));
    const bystander = await newPerson();
    const asked = scenarios.map(({ call, person, act }) => {
      victim.database.inject({ kind: "hold" }, (seen) => seen.caller === person.id && callOf(seen) === call);
      return act(victim);
    });
    const done = Promise.allSettled(asked);
    await Promise.all(scenarios.map((scenario) => heldAt(victim, scenario, scenario.call, "before")));
    process.kill(victim.pid, "SIGTERM");
    const begin = { sessionId: randomUUID(), content: "Good morning", opens: { offRecord: false } };
    await expect
      .poll(() => said(send(victim, bystander.person, { ...begin, id: randomUUID() })), PATIENT)
      .toContain("Clarify is restarting");
    victim.database.heal();
    expect((await done).filter(({ status }) => status === "rejected")).toEqual([]);
    expect(await victim.gone).toEqual([0, null]);
    await victim.kill();
    for (const { goOn } of scenarios) await inTime(goOn());
  }, 180_000);
});

/** The message of what it is rejected with. */
async function said(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => "",
    (error: unknown) => String(error),
  );
}

/** @throws when it takes longer than anything that a dead process held may be held. */
async function inTime(work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not within ${FREE_AGAIN_MS} ms`)), FREE_AGAIN_MS);
  await Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
