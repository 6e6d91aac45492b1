import { randomUUID } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { createSqlClient } from "@/tests/support/database/sql";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { createTestApp } from "@/tests/support/test-app";
import type { World } from "./world";
import { createWorld, eachTestHasWorld, spoken } from "./world";

const stack = inject("stack");
const sql = createSqlClient(stack);

let model: ModelServer;
let world: World;
eachTestHasWorld((arrived) => {
  world = arrived;
  ({ model } = arrived);
});

/** A reply that has begun and hangs until it is stopped. */
async function hangingReply(id = randomUUID()) {
  model.answers.push({ kind: "hang", words: ["I ", "hear "] });
  const stream = await world.app.as(world.person).messages.send({ sessionId: world.sessionId, id, content: "hello" });
  const events = stream[Symbol.asyncIterator]();
  for (let count = 0; count < 3; count += 1) await events.next();
  return {
    id,
    leave: async () => void (await events.return?.(undefined)),
    stop: () => world.app.as(world.person).messages.stop({ sessionId: world.sessionId }),
  };
}

describe("a message that is sent twice at the same time", () => {
  it("in one process is answered once, and both senders get all of it", async () => {
    const id = randomUUID();
    const [first, second] = await Promise.all([world.send("hello", { id }), world.send("hello", { id })]);
    expect(model.requests).toHaveLength(1);
    expect(second).toEqual(first);
    expect(spoken(first)).toBe("I hear you.");
  });

  it("in two processes is answered once, and both get the stored reply", async () => {
    const id = randomUUID();
    const [first, second] = await Promise.all([
      world.send("hello", { id }),
      world.send("hello", { id, app: world.anotherApp() }),
    ]);
    expect(model.requests).toHaveLength(1);
    expect(second.at(-1)).toEqual(first.at(-1));
    const { items } = await world.app.as(world.person).messages.list({ sessionId: world.sessionId });
    expect(items).toHaveLength(2);
  });

  it("goes on for the second sender when the first one leaves", async () => {
    const id = randomUUID();
    const first = await hangingReply(id);
    const stream = await world.app.as(world.person).messages.send({ sessionId: world.sessionId, id, content: "hello" });
    const second = stream[Symbol.asyncIterator]();
    expect((await second.next()).value).toMatchObject({ type: "context" });
    await first.leave();
    expect((await second.next()).value).toEqual({ type: "text", delta: "I " });
    await first.stop();
    await world.app.backgroundDone();
  });
});

describe("a process that dies in the middle of a reply", () => {
  it("leaves a message that the next sender answers once its claim has expired", async () => {
    const id = randomUUID();
    const row = [id, world.person.id, world.sessionId];
    await sql(
      `insert into public.clarify_messages (id, user_id, session_id, role, content, answering_until)
       values ($1, $2, $3, 'user', 'hello', now() - interval '1 second')`,
      row,
    );
    expect(spoken(await world.send("hello", { id }))).toBe("I hear you.");
  });

  it("shows as a message without a reply", async () => {
    await sql(
      `insert into public.clarify_messages (id, user_id, session_id, role, content, answering_until)
       values ($1, $2, $3, 'user', 'hello', now() + interval '15 seconds')`,
      [randomUUID(), world.person.id, world.sessionId],
    );
    const { items } = await world.app.as(world.person).messages.list({ sessionId: world.sessionId });
    expect(items).toEqual([expect.objectContaining({ role: "user", content: "hello" })]);
  });
});

describe("one reply at a time", () => {
  it("a second message has to wait for the end of the first reply, with a message that says so", async () => {
    const { stop } = await hangingReply();
    await expect(world.send("and another thing")).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
      message: expect.stringContaining("still being written"),
    });
    const { items } = await world.app.as(world.person).messages.list({ sessionId: world.sessionId });
    expect(items).toHaveLength(1);
    await stop();
    expect(spoken(await world.send("and another thing"))).toBe("I hear you.");
  });

  it("in another conversation it need not wait", async () => {
    const { stop } = await hangingReply();
    const { id: sessionId } = await world.app.as(world.person).sessions.create({});
    const other = { ...world, sessionId };
    const stream = await other.app
      .as(world.person)
      .messages.send({ sessionId, id: randomUUID(), content: "elsewhere" });
    for await (const event of stream) if (event.type === "message") expect(event.message.content).toBe("I hear you.");
    await stop();
    await world.app.backgroundDone();
  });
});

describe("the limit on messages", () => {
  it("returns how long to wait, stores nothing, and counts each person separately", async () => {
    const app = createTestApp({ stack, messagesPerMinute: 2 });
    await world.send("one", { app });
    await world.send("two", { app });
    await expect(world.send("three", { app })).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
      message: expect.stringMatching(/Please wait \d+ seconds/),
    });
    const { items } = await app.as(world.person).messages.list({ sessionId: world.sessionId });
    expect(items).toHaveLength(4);

    const other = await createWorld(stack, model);
    expect((await other.send("one", { app })).at(-1)).toMatchObject({ type: "message" });
  });
});
