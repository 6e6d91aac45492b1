import { randomUUID } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import type { Message, ReplyEvent } from "@/server/conversation/events";
import { createOfflineVoice } from "@/server/conversation/offline-voice";
import type { Receipt } from "@/server/receipts/receipt";
import { collect } from "@/tests/support/collect";
import { insertRow } from "@/tests/support/database/insert-row";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { createTestApp } from "@/tests/support/test-app";
import type { World } from "./world";
import { eachTestHasWorld } from "./world";

// What a reply drew on is stored with it, and shown as it is called now.

const stack = inject("stack");
const sql = createSqlClient(stack);

let model: ModelServer;
let world: World;
eachTestHasWorld((arrived) => {
  world = arrived;
  ({ model } = arrived);
});

const insert = (table: string, columns: Record<string, unknown>) => insertRow(sql, world.person.id, table, columns);

const TITLE = "Restore the rowboat";
const aDream = (more = {}) => insert("dreams", { title: TITLE, ...more });
const caller = (person: Person = world.person) => world.app.as(person);

function replyOf(events: readonly ReplyEvent[]): Message {
  const last = events.at(-1);
  if (last?.type !== "message") throw new Error("The reply was not stored");
  return last.message;
}

/** Sends a message that the model answers with these words. */
async function answered(words: string, content = "It was a long day."): Promise<Message> {
  model.answers.push({ kind: "reply", words: words.split(/(?<= )/) });
  return replyOf(await world.send(content));
}

/** The receipts of the last stored reply, as a reload gets them. */
async function storedReceipts(): Promise<Receipt[]> {
  const { items } = await caller().messages.list({ sessionId: world.sessionId });
  return items.at(-1)?.receipts ?? [];
}
const shown = (person: Person = world.person) => caller(person).receipts.list({ sessionId: world.sessionId });
const titlesShown = async () => (await shown()).map(({ title }) => title);

describe("a reply", () => {
  it("is stored with what it drew on, by kind and id and without a word of it", async () => {
    const id = await aDream();
    const receipts = [{ kind: "dream", id }];
    expect(await answered(`It touches “${TITLE}”, I think.`)).toMatchObject({ receipts });
    expect(await storedReceipts()).toEqual(receipts);
    expect(await shown()).toMatchObject([{ kind: "dream", id, title: TITLE, status: "active", sessionId: null }]);
    const rows = await sql("select tool_use from public.clarify_messages where tool_use is not null and user_id = $1", [
      world.person.id,
    ]);
    expect(JSON.stringify(rows)).toContain(id);
    expect(JSON.stringify(rows)).not.toContain("rowboat");
  });

  it("by the built-in voice has them, too", async () => {
    const id = await aDream();
    const app = createTestApp({ stack, voice: createOfflineVoice({ pause: async () => undefined }) });
    const send = app.as(world.person).messages.send({ sessionId: world.sessionId, id: randomUUID(), content: "שלום" });
    expect(replyOf(await collect(await send))).toMatchObject({ receipts: [{ kind: "dream", id }] });
    await app.backgroundDone();
  });

  it("has those of older items that were found for the message", async () => {
    for (let n = 0; n < 3; n += 1) {
      await insert("reflections", { content: "Zero", created_at: "2040-01-01" });
    }
    const id = await insert("reflections", {
      content: "When I was nine I told everybody that I would live in a lighthouse and polish its lamp.",
      created_at: "2025-03-04",
    });
    const reply = await answered("On 4 March you wrote of polishing a lamp.", "The lighthouse advert again.");
    expect(reply.receipts).toEqual([{ kind: "reflection", id }]);
    expect(await shown()).toMatchObject([
      { kind: "reflection", title: null, at: expect.stringMatching(/^2025-03-04/) },
    ]);
  });

  it("has a reflection of the context by its day and a word of it", async () => {
    const content = "The ferry left without us and nobody minded.";
    const id = await insert("reflections", { content, created_at: "2026-11-21T18:00:00Z" });
    const reply = await answered("On 21 November you wrote about a ferry.");
    expect(reply.receipts).toEqual([{ kind: "reflection", id }]);
  });

  it("has none where it repeats what the person said", async () => {
    await aDream();
    expect(await answered(`So: ${TITLE}.`, `I want to ${TITLE}.`)).toMatchObject({ receipts: [] });
    expect(await storedReceipts()).toEqual([]);
    expect(await shown()).toEqual([]);
  });

  it("has none of what is paused, and none in a crisis", async () => {
    await aDream({ paused: true });
    expect(await answered(`It touches “${TITLE}”.`)).toMatchObject({ receipts: [] });
    await insert("dreams", { title: "Plant an orchard" });
    expect(await answered("Your dream “Plant an orchard” can wait.", "I want to kill myself.")).toMatchObject({
      receipts: [],
    });
  });

  it("keeps those of its beginning when it is continued, and gets those of its rest", async () => {
    const first = await aDream();
    const second = await insert("dreams", { title: "Plant an orchard" });
    model.answers.push({ kind: "cut", words: [`It touches “${TITLE}” `] });
    const beginning = replyOf(await world.send("It was a long day."));
    expect(beginning.receipts).toEqual([{ kind: "dream", id: first }]);
    model.answers.push({ kind: "reply", words: ["and “Plant an orchard”."] });
    const resume = caller().messages.resume({ sessionId: world.sessionId, replyId: beginning.id });
    const receipts = [first, second].map((id) => ({ kind: "dream", id }));
    expect(replyOf(await collect(await resume))).toMatchObject({ receipts });
    await world.app.backgroundDone();
    expect(await storedReceipts()).toEqual(receipts);
  });

  it("has its own when another answer is chosen", async () => {
    const id = await aDream();
    const { replyTo } = await answered(`It touches “${TITLE}”.`);
    const messageId = replyTo ?? "";
    model.answers.push({ kind: "reply", words: ["I hear you."] });
    const { sessionId } = world;
    await collect(await caller().messages.regenerate({ sessionId, messageId, replyId: randomUUID() }));
    await world.app.backgroundDone();
    expect(await storedReceipts()).toEqual([]);
    await caller().messages.choose({ sessionId, messageId, variant: 1 });
    expect(await storedReceipts()).toEqual([{ kind: "dream", id }]);
  });
});

describe("what a reply drew on", () => {
  it("is shown under its present title, and not while it is removed", async () => {
    const dreamId = await aDream();
    await answered(`It touches “${TITLE}”.`);
    await caller().dreams.update({ dreamId, title: "Sell the rowboat" });
    expect(await titlesShown()).toEqual(["Sell the rowboat"]);
    await caller().dreams.remove({ dreamId });
    expect(await shown()).toEqual([]);
    await caller().bin.restore({ kind: "dream", id: dreamId });
    expect(await titlesShown()).toEqual(["Sell the rowboat"]);
  });

  it("is shown while it is paused, because the reply did draw on it", async () => {
    const dreamId = await aDream();
    await answered(`It touches “${TITLE}”.`);
    await caller().dreams.setPaused({ dreamId, paused: true });
    expect(await titlesShown()).toEqual([TITLE]);
  });

  it("is not shown while its conversation is off the record", async () => {
    const sessionId = await insert("clarify_sessions", { title: "Asking Dana for Wednesdays" });
    await insert("clarify_messages", { session_id: sessionId, role: "user", content: "Wednesdays" });
    expect(await answered("As in “Asking Dana for Wednesdays”.")).toMatchObject({
      receipts: [{ kind: "conversation", id: sessionId }],
    });
    expect(await titlesShown()).toEqual(["Asking Dana for Wednesdays"]);
    await caller().sessions.setOffRecord({ sessionId, offRecord: true });
    expect(await shown()).toEqual([]);
  });

  it("is a message with the conversation that it is in", async () => {
    const session = await insert("clarify_sessions", { title: "The sea", last_message_at: "2025-03-04" });
    const id = await insert("clarify_messages", {
      session_id: session,
      role: "user",
      content: "When I was nine I told everybody that I would live in a lighthouse and polish its lamp.",
      created_at: "2025-03-04",
    });
    await answered("At nine you wanted to polish a lamp and told everybody.", "The lighthouse advert again.");
    expect(await shown()).toMatchObject([{ kind: "message", id, sessionId: session, title: null }]);
  });

  it("is shown to nobody else, neither the reply nor the item", async () => {
    await aDream();
    await answered(`It touches “${TITLE}”.`);
    const other = await createPerson(stack);
    expect(await shown(other)).toEqual([]);
    const foreign = await sql("insert into public.dreams (user_id, title) values ($1, 'Theirs') returning id", [
      other.id,
    ]);
    const receipts = JSON.stringify({ dreams: [], receipts: [{ kind: "dream", id: foreign[0]?.id }] });
    await sql(
      "update public.clarify_messages set tool_use = $1::text::jsonb where user_id = $2 and role = 'assistant'",
      [receipts, world.person.id],
    );
    expect(await shown()).toEqual([]);
  });

  it("is read although a reply has receipts of a kind or form that this release does not know", async () => {
    const id = await aDream();
    await answered(`It touches “${TITLE}”.`);
    const receipts = [
      { kind: "place", id },
      { kind: "dream", id: "not-an-id" },
      { kind: "dream", id },
    ];
    await sql(
      "update public.clarify_messages set tool_use = $1::text::jsonb where user_id = $2 and role = 'assistant'",
      [JSON.stringify({ dreams: [], receipts }), world.person.id],
    );
    expect(await titlesShown()).toEqual([TITLE]);
    expect(await storedReceipts()).toEqual(receipts.slice(1));
  });
});
