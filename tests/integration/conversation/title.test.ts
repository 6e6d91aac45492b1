import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, it } from "vitest";
import { total } from "@/server/telemetry/snapshot";
import { collect } from "@/tests/support/collect";
import type { ModelAnswer, ModelServer } from "@/tests/support/model/anthropic-server";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";
import type { World } from "./world";
import { eachTestHasWorld } from "./world";

// A conversation is named after its second exchange, when it is clearer what it is about.

let world: World;
let model: ModelServer;
eachTestHasWorld((arrived) => {
  world = arrived;
  ({ model } = arrived);
});
beforeEach(() => {
  model.titles.requests.length = 0;
  model.titles.answer = named("Six months away");
});

const named = (words: string, rest: Partial<Extract<ModelAnswer, { kind: "reply" }>> = {}): ModelAnswer => ({
  kind: "reply",
  words: [words],
  ...rest,
});
const at = () => ({ sessionId: world.sessionId });
const sessions = () => world.app.as(world.person).sessions;
const title = async () => (await sessions().get(at())).title;

describe("a conversation", () => {
  it("has the words of its first message until the second exchange, and then the model's name, once", async () => {
    await world.send("I want to go away.");
    expect(await title()).toBe("I want to go away.");
    expect(model.titles.requests).toHaveLength(0);
    await world.send("For half a year perhaps.");
    expect(await title()).toBe("Six months away");
    const asked = JSON.stringify(model.titles.requests[0]?.messages);
    for (const words of ["I want to go away.", "I hear you.", "For half a year perhaps."])
      expect(asked).toContain(words);
    await world.send("Or longer.");
    expect(model.titles.requests).toHaveLength(1);
  });

  it.each<[string, (messageId: string, replyId: string) => Promise<unknown>]>([
    [
      "it is continued",
      async (_, replyId) => collect(await world.app.as(world.person).messages.resume({ ...at(), replyId })),
    ],
    [
      "it is given anew",
      async (messageId) =>
        collect(await world.app.as(world.person).messages.regenerate({ ...at(), messageId, replyId: randomUUID() })),
    ],
    ["the next one is complete", () => world.send("Or longer.")],
  ])("whose second reply ended early is named when %s, once", async (_when, goOn) => {
    await world.send("I want to go away.");
    model.answers.push({ kind: "cut", words: ["For ", "half "] });
    const id = randomUUID();
    const cut = (await world.send("For half a year perhaps.", { id })).at(-1);
    expect(model.titles.requests).toHaveLength(0);
    await goOn(id, cut?.type === "message" ? cut.message.id : "");
    await world.app.backgroundDone();
    expect(await title()).toBe("Six months away");
    await world.send("Thank you.");
    expect(model.titles.requests).toHaveLength(1);
  });

  it("keeps a name that the person gave, also while the model was asked", async () => {
    await world.send("I want to go away.");
    await sessions().rename({ ...at(), title: "My plan" });
    await world.send("For half a year perhaps.");
    expect(await title()).toBe("My plan");
  });

  it("keeps the name that the person gives while the model thinks of one", async () => {
    const thinking = Promise.withResolvers<void>();
    model.titles.answer = named("Six months away", { thinks: thinking.promise });
    await world.send("I want to go away.");
    const sending = world.send("For half a year perhaps.");
    await expect.poll(() => model.titles.requests.length).toBe(1);
    await sessions().rename({ ...at(), title: "My plan" });
    thinking.resolve();
    await sending;
    expect(await title()).toBe("My plan");
  });

  it("has its name in the context of other conversations at once", async () => {
    await world.send("I want to go away.");
    await world.send("For half a year perhaps.");
    const { text } = await world.app.as(world.person).clarifyContext.get({ sessionId: null });
    expect(text).toContain("Six months away");
  });

  it.each([
    ['"Six months away."', "Six months away"],
    ["# **Six months\naway**", "Six months away"],
    ["word ".repeat(40), expect.stringMatching(/^word (?:word ){8,}word…$/)],
  ])("is called as the model says in %j, on one short line", async (words, line) => {
    model.titles.answer = named(words);
    await world.send("I want to go away.");
    await world.send("For half a year perhaps.");
    expect(await title()).toEqual(line);
  });

  it.each<[string, string, ModelAnswer]>([
    ["refuses", "refused", named("I can't", { stopReason: "refusal" })],
    ["goes on too long", "truncated", named("Six months", { stopReason: "max_tokens" })],
    ["says nothing", "empty", named(" ")],
    ["fails", "unauthorized", { kind: "error", status: 401, type: "authentication_error" }],
  ])("keeps the words of its first message if the model %s, which is counted", async (_how, code, answer) => {
    model.titles.answer = answer;
    await world.send("I want to go away.");
    await world.send("For half a year perhaps.");
    expect(await title()).toBe("I want to go away.");
    const figures = await world.app.services.telemetry.snapshot();
    expect(total(figures, "clarify.model_failures", { purpose: "title", code })).toBe(1);
  });

  it("is named from the person's tokens of the day", async () => {
    const usage = { input_tokens: 100 };
    model.titles.answer = named("Six months away", { usage });
    const used = async (app: TestApp) => (await app.as(world.person).account.tokensToday()).used;
    const app = createTestApp({ stack: inject("stack"), voice: world.app.services.voice, tokensPerDay: 1_000_000 });
    await world.send("I want to go away.", { app });
    const reply = await used(app);
    await world.send("For half a year perhaps.", { app });
    expect(await used(app)).toBe(2 * reply + 100 + 5);
  });

  it("is not named by the model while it speaks of despair", async () => {
    await world.send("I want to go away.");
    await world.send("I want to kill myself.");
    expect(model.titles.requests).toHaveLength(0);
  });
});
