import { randomUUID } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import type { Message } from "@/server/conversation/events";
import { collect } from "@/tests/support/collect";
import { createSqlClient } from "@/tests/support/database/sql";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { createTestApp } from "@/tests/support/test-app";
import type { World } from "./world";
import { eachTestHasWorld, spoken } from "./world";

const stack = inject("stack");
const sql = createSqlClient(stack);

let model: ModelServer;
let world: World;
eachTestHasWorld((arrived) => {
  world = arrived;
  ({ model } = arrived);
});

/** A reply that the model's connection cut off after `I think `. */
async function cutReply(): Promise<Message> {
  model.answers.push({ kind: "cut", words: ["I ", "think "] });
  const cut = (await world.send("hello")).at(-1);
  if (cut?.type !== "message") throw new Error("The reply was not stored");
  expect(cut.message).toMatchObject({ content: "I think ", status: "failed" });
  return cut.message;
}

async function resume(replyId: string, app = world.app) {
  const events = await collect(await app.as(world.person).messages.resume({ sessionId: world.sessionId, replyId }));
  await app.backgroundDone();
  return events;
}

/** Continues a reply with one more word, and hangs until it is stopped. */
async function hangingRest(replyId: string) {
  model.answers.push({ kind: "hang", words: ["that "] });
  const stream = await world.app.as(world.person).messages.resume({ sessionId: world.sessionId, replyId });
  const events = stream[Symbol.asyncIterator]();
  for (const expected of ["context", "text"]) expect((await events.next()).value).toMatchObject({ type: expected });
  return { stop: () => world.app.as(world.person).messages.stop({ sessionId: world.sessionId, messageId: replyId }) };
}

describe("messages.resume", () => {
  it("continues a reply that was cut off, in the same message", async () => {
    const { id } = await cutReply();
    const events = await resume(id);
    expect(spoken(events)).toBe("I hear you.");
    expect(events.at(-1)).toMatchObject({ message: { id, content: "I think I hear you.", status: "complete" } });
    const { items } = await world.app.as(world.person).messages.list({ sessionId: world.sessionId });
    expect(items).toHaveLength(2);
  });

  it("returns a complete reply unchanged", async () => {
    const { id } = await cutReply();
    await resume(id);
    expect((await resume(id)).map(({ type }) => type)).toEqual(["context", "message"]);
    expect(model.requests).toHaveLength(2);
  });

  it("refuses a reply that is not the last one", async () => {
    const first = (await world.send("hello")).at(-1);
    await world.send("more");
    const replyId = first?.type === "message" ? first.message.id : "";
    await expect(resume(replyId)).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("in two processes at the same time calls the model once, and both get the whole reply", async () => {
    const { id } = await cutReply();
    const [first, second] = await Promise.all([resume(id), resume(id, world.anotherApp())]);
    expect(model.requests).toHaveLength(2);
    expect(first.at(-1)).toMatchObject({ message: { content: "I think I hear you." } });
    expect(second.at(-1)).toEqual(first.at(-1));
  });

  it("blocks a new message until its end", async () => {
    const { id } = await cutReply();
    const { stop } = await hangingRest(id);
    await expect(world.send("and another thing")).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
      message: expect.stringContaining("still being written"),
    });
    await stop();
    const { items } = await world.app.as(world.person).messages.list({ sessionId: world.sessionId });
    expect(items[1]).toMatchObject({ content: "I think that ", status: "interrupted" });
    expect(spoken(await world.send("and another thing"))).toBe("I hear you.");
  });

  it("can be asked for again when the model fails", async () => {
    const { id } = await cutReply();
    model.answers.push({ kind: "error", status: 400, type: "invalid_request_error" });
    await expect(resume(id)).rejects.toMatchObject({ code: "BAD_GATEWAY" });
    expect((await resume(id)).at(-1)).toMatchObject({ message: { content: "I think I hear you." } });
  });

  it("takes over from a process that died while it continued the reply", async () => {
    const { id, replyTo } = await cutReply();
    await sql("update public.clarify_messages set answering_until = now() + interval '1 second' where id = $1", [
      replyTo,
    ]);
    expect((await resume(id)).at(-1)).toMatchObject({
      message: { content: "I think I hear you.", status: "complete" },
    });
  });

  it("counts a reply as complete when the model has nothing to add", async () => {
    const { id } = await cutReply();
    model.answers.push({ kind: "reply", words: [] });
    expect((await resume(id)).at(-1)).toMatchObject({ message: { content: "I think ", status: "complete" } });
  });

  it("counts as a message to the limit", async () => {
    const { id } = await cutReply();
    const strict = createTestApp({ stack, voice: world.app.services.voice, messagesPerMinute: 1 });
    const { id: elsewhere } = await strict.as(world.person).sessions.create({});
    await collect(
      await strict.as(world.person).messages.send({ sessionId: elsewhere, id: randomUUID(), content: "one" }),
    );
    await strict.backgroundDone();
    await expect(resume(id, strict)).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
      message: expect.stringMatching(/Please wait \d+ seconds/),
    });
  });

  it("has the next message find its whole context in the cache", async () => {
    const { id } = await cutReply();
    await resume(id);
    const [first] = await world.send("and then");
    const sources = first?.type === "context" ? first.context.sections.map(({ source }) => source) : [];
    expect(sources).toEqual(Array(5).fill("fresh"));
  });
});
