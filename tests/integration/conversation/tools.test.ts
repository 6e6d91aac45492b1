import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import type { World } from "./world";
import { createWorld, spoken } from "./world";

const stack = inject("stack");

let model: ModelServer;
let world: World;
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.close());
beforeEach(async () => {
  model.requests.length = 0;
  world = await createWorld(stack, model);
});

const call = (input: unknown, name = "create_dream") => ({ name, input });

describe("create_dream", () => {
  it("keeps the dream, tells the model, shows the page, and goes on speaking", async () => {
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

  it("tells the model what was wrong with its input, and keeps nothing", async () => {
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

  it("takes several calls in one turn", async () => {
    model.answers.push({ kind: "tools", words: ["Both."], calls: [call({ title: "Sail" }), call({ title: "Sing" })] });
    const events = await world.send("Keep both");
    expect(events.flatMap((event) => (event.type === "dream" ? [event.dream.title] : []))).toEqual(["Sail", "Sing"]);
    const { items } = await world.app.as(world.person).messages.list({ sessionId: world.sessionId });
    expect(items[1]?.dreams.map(({ title }) => title)).toEqual(["Sail", "Sing"]);
  });

  it("cannot go on for ever", async () => {
    const again = { kind: "tools", words: ["More."], calls: [call({ title: "Again" })] } as const;
    model.answers.push(again, again, again, again, again);
    const events = await world.send("Keep it");
    expect(model.requests).toHaveLength(4);
    expect(events.at(-1)).toMatchObject({ message: { status: "complete" } });
    model.answers.length = 0;
  });
});
