import { randomUUID } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { collect } from "@/tests/support/collect";
import { createSqlClient } from "@/tests/support/database/sql";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
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

const call = (input: unknown, name = "create_dream") => ({ name, input });

describe("create_dream", () => {
  it("creates the dream, passes the result to the model, shows it on the page, and goes on speaking", async () => {
    await world.app.as(world.person).clarifyContext.get({ sessionId: world.sessionId });
    model.answers.push({ kind: "tools", words: ["I ", "keep it."], calls: [call({ title: "Learn to sail" })] });
    const events = await world.send("Please keep that as a dream");

    expect(spoken(events)).toBe("I keep it.\n\nI hear you.");
    const created = events.find((event) => event.type === "dream");
    expect(created).toMatchObject({ dream: { title: "Learn to sail" } });
    expect(events.at(-1)).toMatchObject({ message: { dreams: [{ title: "Learn to sail" }], status: "complete" } });

    const [, second] = model.requests;
    expect(second?.messages.at(-1)).toMatchObject({
      role: "user",
      content: [{ type: "tool_result", tool_use_id: "toolu_1", is_error: false }],
    });
    const context = await world.app.as(world.person).clarifyContext.get({ sessionId: world.sessionId });
    expect(context.sections[1]?.items.map(({ label }) => label)).toEqual(["Learn to sail"]);
    const { items } = await world.app.as(world.person).dreams.list({});
    expect(items[0]).toMatchObject({ title: "Learn to sail", sessionId: world.sessionId });
  });

  it("passes the model the error in its input, and creates nothing", async () => {
    model.answers.push({
      kind: "tools",
      words: [],
      calls: [call({ title: "" }), call({ nonsense: true }), call({}, "fly")],
    });
    const events = await world.send("Please keep that");
    const results = model.requests[1]?.messages.at(-1)?.content;
    expect(results).toEqual([
      expect.objectContaining({ is_error: true, content: expect.stringContaining("title") }),
      expect.objectContaining({ is_error: true, content: expect.stringContaining("nonsense") }),
      expect.objectContaining({ is_error: true, content: "There is no such tool." }),
    ]);
    expect(spoken(events)).toBe("I hear you.");
    expect((await world.app.as(world.person).dreams.list({})).items).toEqual([]);
  });

  it("accepts several calls in one turn", async () => {
    model.answers.push({ kind: "tools", words: ["Both."], calls: [call({ title: "Sail" }), call({ title: "Sing" })] });
    const events = await world.send("Keep both");
    expect(events.flatMap((event) => (event.type === "dream" ? [event.dream.title] : []))).toEqual(["Sail", "Sing"]);
    const { items } = await world.app.as(world.person).messages.list({ sessionId: world.sessionId });
    expect(items[1]?.dreams.map(({ title }) => title)).toEqual(["Sail", "Sing"]);
  });

  it("is limited in its turns", async () => {
    const again = { kind: "tools", words: ["More."], calls: [call({ title: "Again" })] } as const;
    model.answers.push(again, again, again, again, again);
    const events = await world.send("Keep it");
    expect(model.requests).toHaveLength(4);
    expect(events.at(-1)).toMatchObject({ message: { status: "complete" } });
    model.answers.length = 0;
  });
});

describe("a dream that a reply has created", () => {
  const title = "Learn to sail";
  const titles = async () => (await world.app.as(world.person).dreams.list({})).items.map((dream) => dream.title);
  const lastRequest = () => model.requests.at(-1)?.messages ?? [];

  /** A reply that creates the dream and then fails. */
  async function failBehindTheDream(words: string[]): Promise<string> {
    model.answers.push(
      { kind: "tools", words, calls: [call({ title })] },
      { kind: "error", status: 400, type: "invalid_request_error" },
    );
    const last = (await world.send("Please keep it")).at(-1);
    if (last?.type !== "message") throw new Error("The reply was not stored");
    expect(last.message).toMatchObject({ status: "failed", dreams: [{ title }] });
    return last.message.id;
  }

  async function resume(replyId: string) {
    const { sessionId, app, person } = world;
    const events = await collect(await app.as(person).messages.resume({ sessionId, replyId }));
    await app.backgroundDone();
    return events;
  }

  it.each([[["Gladly."]], [[]]])(
    "is told to the model that goes on, and is not kept twice by it (said before: %j)",
    async (words) => {
      const replyId = await failBehindTheDream(words);
      model.answers.push({ kind: "tools", words: [], calls: [call({ title: "learn to sail " })] });
      const events = await resume(replyId);

      const past = { type: "tool_use", name: "create_dream", input: { title } };
      const [, second, third] = model.requests.at(-2)?.messages ?? [];
      expect(second).toMatchObject({ role: "assistant" });
      expect(second?.content).toContainEqual(expect.objectContaining(past));
      expect(third).toMatchObject({
        role: "user",
        content: [{ type: "tool_result" }, { type: "text" }, { type: "text" }],
      });
      expect(lastRequest().at(-1)?.content).toMatchObject([{ content: expect.stringContaining("kept already") }]);
      expect(events.at(-1)).toMatchObject({ message: { status: "complete", dreams: [{ title }] } });
      expect(await titles()).toEqual([title]);
    },
  );

  it("is in the prompts of later messages", async () => {
    model.answers.push({ kind: "tools", words: ["I keep it."], calls: [call({ title })] });
    await world.send("Please keep it");
    await world.send("Thank you");
    const [, reply, next] = lastRequest();
    expect(reply?.content).toMatchObject([{ type: "text" }, { type: "tool_use", input: { title } }]);
    expect(next?.content).toMatchObject([
      { type: "tool_result" },
      { type: "text", text: "Thank you" },
      { type: "text" },
    ]);
  });

  it("is created once when another process writes the reply anew, even if the model words it differently", async () => {
    const id = randomUUID();
    model.answers.push({ kind: "tools", words: [], calls: [call({ title })] }, { kind: "hang", words: [] });
    const { sessionId, app, person } = world;
    const lost = (await app.as(person).messages.send({ sessionId, id, content: "Please keep it" }))[
      Symbol.asyncIterator
    ]();
    for (let heard = (await lost.next()).value; heard?.type !== "dream"; ) heard = (await lost.next()).value;
    // As if the process had died.
    await sql("update public.clarify_messages set answering_until = now() - interval '1 second' where id = $1", [id]);

    const other = world.anotherApp();
    model.answers.push({
      kind: "tools",
      words: [],
      calls: [call({ title: "To be a sailor" }), call({ title: "And to sing" })],
    });
    const events = await world.send("Please keep it", { id, app: other });
    expect(lastRequest().at(-1)?.content).toMatchObject([
      { content: expect.stringContaining(title) },
      { content: "The dream is kept." },
    ]);
    expect(events.at(-1)).toMatchObject({ message: { dreams: [{ title }, { title: "And to sing" }] } });
    expect((await titles()).sort()).toEqual(["And to sing", title]);
    await app.backgroundDone();
  });

  it("is created again by another message", async () => {
    model.answers.push({ kind: "tools", words: ["I keep it."], calls: [call({ title })] });
    await world.send("Please keep it");
    model.answers.push({ kind: "tools", words: ["I keep it."], calls: [call({ title: "Learn to sing" })] });
    await world.send("Something else");
    expect((await titles()).sort()).toEqual([title, "Learn to sing"]);
  });
});

describe("a model that was taken over", () => {
  const dreamsOf = async () => (await world.app.as(world.person).dreams.list({})).items;
  const lastStored = async () =>
    (await world.app.as(world.person).messages.list({ sessionId: world.sessionId })).items.at(-1);

  it("writes for nobody else, whatever ids it names", async () => {
    const other = await createWorld(stack, model);
    const { id: theirs } = await other.app.as(other.person).dreams.create({ title: "Keep bees" });
    const ids = {
      id: theirs,
      dreamId: theirs,
      userId: other.person.id,
      user_id: other.person.id,
      sessionId: other.sessionId,
    };
    const inputs = Object.entries(ids).map(([name, id]) => ({ title: "Taken", [name]: id }));
    const prototypes = ['{"title":"Taken","__proto__":{"id":"x"}}', '{"title":"Taken","constructor":{"prototype":{}}}'];
    model.answers.push({
      kind: "tools",
      words: ["As you wish."],
      calls: [...inputs, ...prototypes.map((text): unknown => JSON.parse(text))].map((input) => call(input)),
    });
    await world.send("hello");
    expect((await other.app.as(other.person).dreams.list({})).items).toMatchObject([
      { id: theirs, title: "Keep bees" },
    ]);
    for (const { id, sessionId } of await dreamsOf()) {
      expect(Object.values(ids)).not.toContain(id);
      expect(sessionId).toBe(world.sessionId);
    }
  });

  it.each<[string, unknown]>([
    ["a title of 100,000 characters", { title: "x".repeat(100_000) }],
    ["a title that is no text", { title: { toString: "x" } }],
    ["a NUL in the title", { title: "a\0b" }],
    ["half a character", { title: "a\ud83d" }],
    ["a day that does not exist", { title: "Sail", targetDate: "2027-02-31" }],
    ["a list", ["title"]],
    ["nothing", null],
    ["a text", "title"],
  ])("keeps no dream of %s", async (_what, input) => {
    model.answers.push({ kind: "tools", words: ["So be it."], calls: [call(input)] });
    const events = await world.send("hello");
    expect(events.at(-1)).toMatchObject({ message: { status: "complete" } });
    expect(await dreamsOf()).toEqual([]);
  });

  it.each(["__proto__", "constructor", "toString", "create_dream\0", "createDream", ""])(
    "has no tool of the name %j",
    async (name) => {
      model.answers.push({ kind: "tools", words: ["So be it."], calls: [call({ title: "Sail" }, name)] });
      expect((await world.send("hello")).at(-1)).toMatchObject({ message: { status: "complete" } });
      expect(await dreamsOf()).toEqual([]);
    },
  );

  it("has its words stored as they are shown, also with characters that the database does not take", async () => {
    const words = ["a\0b", "\0", " 😀", " half \ud83d here", " <script>alert(1)</script>", " [x](javascript:alert(1))"];
    model.answers.push({ kind: "reply", words });
    const shown = spoken(await world.send("hello"));
    const stored = await lastStored();
    expect(stored).toMatchObject({ role: "assistant", status: "complete" });
    expect(stored?.content).toBe(shown.toWellFormed());
    expect(stored?.content).toContain("ab 😀");
  });

  it("that never ends is cut off, and what it said is kept", async () => {
    const piece = "word ".repeat(1_000);
    model.answers.push({ kind: "hang", words: Array<string>(100).fill(piece) });
    const shown = spoken(await world.send("hello"));
    expect(shown.length).toBeLessThanOrEqual(100_000);
    expect(await lastStored()).toMatchObject({ status: "interrupted", content: shown });
    // The conversation goes on.
    expect((await world.send("and now?")).at(-1)).toMatchObject({ message: { status: "complete" } });
  });

  it("that never ends a tool call is given up", async () => {
    const start = {
      type: "content_block_start",
      index: 1,
      content_block: { type: "tool_use", id: "t", name: "create_dream", input: {} },
    };
    const delta = {
      type: "content_block_delta",
      index: 1,
      delta: { type: "input_json_delta", partial_json: "x".repeat(50_000) },
    };
    model.answers.push({ kind: "events", words: ["I begin"], events: [start, ...Array<object>(100).fill(delta)] });
    expect(spoken(await world.send("hello"))).toBe("I begin");
    expect(await lastStored()).toMatchObject({ status: "failed", content: "I begin" });
  });
});
