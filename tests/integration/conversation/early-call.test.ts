import { randomUUID } from "node:crypto";
import type Anthropic from "@anthropic-ai/sdk";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { total } from "@/server/telemetry/snapshot";
import { collect } from "@/tests/support/collect";
import type { FaultProxy } from "@/tests/support/database/fault-proxy";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import { createSqlClient } from "@/tests/support/database/sql";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import type { TestApp } from "@/tests/support/test-app";
import type { World } from "./world";
import { createWorld, spoken } from "./world";

// The model is called while the message is being stored. The model's answers say which messages it has read.

const stack = inject("stack");
const sql = createSqlClient(stack);
const STORING = /rpc\/begin_message/;

let model: ModelServer;
let proxy: FaultProxy;
let world: World;
/** Called for each request for a reply. */
let asked: () => void;
beforeAll(async () => {
  model = await startModelServer();
  proxy = await startFaultProxy(stack.url);
});
afterAll(async () => {
  await model.close();
  await proxy.close();
});
beforeEach(async () => {
  model.requests.length = 0;
  asked = () => undefined;
  model.otherwise = (request) => {
    asked();
    return { kind: "reply", words: [`I read ${saidBy(request).join(", ")}.`] };
  };
  proxy.heal();
  world = await createWorld({ ...stack, url: proxy.url }, model);
});

/** The person's messages in a request. */
function saidBy({ messages }: Anthropic.MessageStreamParams): string[] {
  return messages.flatMap(({ role, content }) => {
    if (role !== "user") return [];
    const [first] = typeof content === "string" ? [{ type: "text" as const, text: content }] : content;
    return first?.type === "text" ? [first.text] : [];
  });
}

async function earlyCalls(outcome: "taken" | "given_up", app: TestApp = world.app): Promise<number> {
  return total(await app.services.telemetry.snapshot(), "clarify.early_calls", { outcome });
}

const storedMessages = async () =>
  (await world.app.as(world.person).messages.list({ sessionId: world.sessionId })).items;

/** Sends a message that the database does not store before `release` is called. */
async function sendHeld(content: string) {
  proxy.inject({ kind: "hold" }, STORING);
  const called = Promise.withResolvers<void>();
  asked = called.resolve;
  const stream = await world.app
    .as(world.person)
    .messages.send({ sessionId: world.sessionId, id: randomUUID(), content });
  const events: string[] = [];
  const ended = (async () => {
    for await (const event of stream) events.push(event.type);
    await world.app.backgroundDone();
  })();
  ended.catch(() => undefined); // Awaited by the tests.
  return { called: called.promise, events, ended, release: () => proxy.heal() };
}

describe("an open conversation whose context is warm", () => {
  it("has the model called before its message is stored, and nothing of the reply shown before", async () => {
    await world.send("one");
    model.requests.length = 0;
    const held = await sendHeld("two");
    await held.called;
    expect(held.events).toEqual([]);
    held.release();
    await held.ended;
    expect(held.events).toEqual(["context", "text", "message"]);
    expect(model.requests).toHaveLength(1);
    expect((await storedMessages()).at(-1)?.content).toBe("I read one, two.");
    expect([await earlyCalls("taken"), await earlyCalls("given_up")]).toEqual([1, 0]);
  });

  it("has its context read before its messages, after a reply", async () => {
    await world.send("one");
    const context = /clarify_sessions\?select=id%2Ctitle%2Cmessage_count/;
    const messages = /clarify_messages\?select/;
    proxy.forget();
    const heal = proxy.inject({ kind: "hold" }, context);
    const caller = world.app.as(world.person);
    await collect(await caller.messages.send({ sessionId: world.sessionId, id: randomUUID(), content: "two" }));
    await proxy.arrived(1, context);
    expect(proxy.count(messages)).toBe(0);
    heal();
    await world.app.backgroundDone();
    expect(proxy.count(messages)).toBe(1);
  });

  it("is read by the next message of another process as well", async () => {
    await world.send("one");
    const other = world.anotherApp();
    expect(spoken(await world.send("two", { app: other }))).toBe("I read one, two.");
    expect(await earlyCalls("taken", other)).toBe(1);
  });

  it("has its call ended at once where another process turns out to write the reply", async () => {
    await world.send("one");
    const other = world.anotherApp();
    model.requests.length = 0;
    model.answers.push({ kind: "hang", words: ["I "] }, { kind: "hang", words: ["I "] });
    proxy.inject({ kind: "hold" }, STORING);
    const message = { sessionId: world.sessionId, id: randomUUID(), content: "two" };
    const replies = [world.app, other].map(async (app) => collect(await app.as(world.person).messages.send(message)));
    await expect.poll(() => model.requests.length).toBe(2);
    const left = model.nextClientLeft();
    proxy.heal();
    await left;
    await world.app.as(world.person).messages.stop({ sessionId: world.sessionId, messageId: message.id });
    await Promise.allSettled(replies);
    expect((await earlyCalls("given_up")) + (await earlyCalls("given_up", other))).toBe(1);
    expect((await earlyCalls("taken")) + (await earlyCalls("taken", other))).toBe(1);
    expect((await storedMessages()).map(({ content }) => content)).toEqual(["one", "I read one.", "two", "I "]);
  });

  it("is not read by a message of another conversation", async () => {
    await world.send("one");
    const caller = world.app.as(world.person);
    const { id: sessionId } = await caller.sessions.create({});
    const events = await collect(await caller.messages.send({ sessionId, id: randomUUID(), content: "two" }));
    expect(spoken(events)).toBe("I read two.");
    expect([await earlyCalls("taken"), await earlyCalls("given_up")]).toEqual([0, 0]);
  });

  it("has a call that costs its person one message", async () => {
    await world.send("one");
    const before = total(await world.app.services.telemetry.snapshot(), "clarify.limiter_decisions");
    await world.send("two");
    expect(total(await world.app.services.telemetry.snapshot(), "clarify.limiter_decisions")).toBe(before + 1);
  });

  it("is not read once the account is removed", async () => {
    await world.send("one");
    await world.app.as(world.person).account.remove({ email: world.person.email });
    model.requests.length = 0;
    await expect(world.send("two")).rejects.toThrow();
    expect(model.requests).toEqual([]);
  });
});

describe("a message that is not stored", () => {
  it("has its call ended, and neither an event nor a stored answer", async () => {
    await world.send("one");
    model.answers.push({ kind: "hang", words: ["I ", "read "] });
    const left = model.nextClientLeft();
    const held = await sendHeld("two");
    await expect.poll(() => model.requests).toHaveLength(2);
    await sql("delete from public.clarify_sessions where id = $1", [world.sessionId]);
    held.release();
    await expect(held.ended).rejects.toMatchObject({ code: "NOT_FOUND" });
    await left;
    expect(held.events).toEqual([]);
    await world.app.backgroundDone();
    expect(await earlyCalls("given_up")).toBe(1);
  });

  it("is not answered when the minute's messages are used up", async () => {
    const app = world.anotherApp();
    await world.send("one", { app });
    const { limiter } = app.services;
    app.services.limiter = { ...limiter, take: async () => ({ admitted: false, retryAfterMs: 1_000 }) };
    model.requests.length = 0;
    await expect(world.send("two", { app })).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    expect(model.requests).toEqual([]);
  });
});

describe("a conversation that is stored otherwise than it was kept", () => {
  it("is answered from what is stored", async () => {
    await world.send("one");
    await sql("update public.clarify_messages set content = 'uno' where session_id = $1 and role = 'user'", [
      world.sessionId,
    ]);
    expect(spoken(await world.send("two"))).toBe("I read uno, two.");
    expect([await earlyCalls("taken"), await earlyCalls("given_up")]).toEqual([0, 1]);
    expect((await storedMessages()).at(-1)?.content).toBe("I read uno, two.");
  });

  it("is answered with the older items that the message has to do with, and the next message waits for its own", async () => {
    await world.send("one");
    await sql(
      "insert into public.reflections (id, user_id, content, created_at) values ($1, $2, $3, now() - interval '2 years')",
      [randomUUID(), world.person.id, "When I was nine I told everybody that I would live in a lighthouse."],
    );
    for (let n = 0; n < 4; n += 1) {
      await world.app.as(world.person).reflections.create({ content: `Rain on day ${n}.`, tone: null });
    }
    model.requests.length = 0;
    await world.send("The lighthouse advert again, I cannot stop reading it.");
    expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain("would live in a lighthouse");
    expect([model.requests.length, await earlyCalls("given_up")]).toEqual([2, 1]);
    model.requests.length = 0;
    await world.send("Yes, the lighthouse.");
    expect(model.requests).toHaveLength(1);
  });
});

it("no answer is from an outdated history, to a message that is not stored, or a second one, in two processes (property)", async () => {
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("send" as const), by: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("send at once" as const), sameId: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("edit elsewhere" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("fail to store" as const), by: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("answer again" as const), by: fc.nat(1) }) },
  );
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 7 }), async (actions) => {
      proxy.heal();
      world = await createWorld({ ...stack, url: proxy.url }, model);
      const apps = [world.app, world.anotherApp()] as const;
      const appOf = (by: number) => apps[by] ?? world.app;
      let words = 0;
      const next = () => {
        words += 1;
        return `m${words}`;
      };
      let lost: string[] = [];
      for (const what of actions) {
        switch (what.kind) {
          case "send":
            await world.send(next(), { app: appOf(what.by) });
            break;
          case "send at once": {
            const [id, content] = [randomUUID(), next()];
            const second = what.sameId ? { id, content } : { id: randomUUID(), content: next() };
            await Promise.allSettled([
              world.send(content, { id, app: apps[0] }),
              world.send(second.content, { id: second.id, app: apps[1] }),
            ]);
            break;
          }
          case "edit elsewhere":
            await sql(
              `update public.clarify_messages set content = $2 where id = (
                 select id from public.clarify_messages where session_id = $1 and role = 'user' order by created_at limit 1
               )`,
              [world.sessionId, next()],
            );
            break;
          case "fail to store": {
            const content = next();
            const heal = proxy.inject({ kind: "refuse" }, STORING);
            await expect(world.send(content, { app: appOf(what.by) })).rejects.toThrow();
            heal();
            lost = [...lost, content];
            break;
          }
          case "answer again": {
            const last = (await storedMessages()).at(-1);
            if (!last?.replyTo) break;
            const again = { sessionId: world.sessionId, messageId: last.replyTo, replyId: randomUUID() };
            await collect(await appOf(what.by).as(world.person).messages.regenerate(again));
            break;
          }
        }
        await Promise.all(apps.map((app) => app.backgroundDone()));
        const stored = await storedMessages();
        const replies = stored.filter(({ role }) => role === "assistant");
        expect(new Set(replies.map(({ replyTo }) => replyTo)).size).toBe(replies.length);
        const said = stored.filter(({ role }) => role === "user").map(({ content }) => content);
        for (const content of lost) expect(said).not.toContain(content);
        if (what.kind === "edit elsewhere" || what.kind === "fail to store") continue;
        const last = stored.at(-1);
        if (last?.role === "assistant") expect(last.content).toBe(`I read ${said.join(", ")}.`);
      }
      for (const app of apps) taken += await earlyCalls("taken", app);
    }),
    { numRuns: 12 },
  );
  expect(taken).toBeGreaterThan(5);
}, 120_000);
