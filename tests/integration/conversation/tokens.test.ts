import { randomUUID } from "node:crypto";
import type Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import { TokenCounter } from "@/server/tokens/token-counter";
import { collect } from "@/tests/support/collect";
import { createPerson } from "@/tests/support/database/person";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import { countByOtherModel } from "@/tests/support/model/other-tokenizer";
import { createTestApp } from "@/tests/support/test-app";
import { SAMPLE_TEXTS } from "@/tests/support/texts";

const stack = inject("stack");

let model: ModelServer;
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.close());

type Request = Anthropic.MessageStreamParams;

/** A model with its own vocabulary, which also charges for the overhead of a request. */
function billFor({ tools, system, messages }: Request): number {
  const texts = [system, ...messages.map(({ content }) => content)].flat();
  const words = texts.map((part) => (typeof part === "object" && "text" in part ? part.text : ""));
  const counted = [JSON.stringify(tools), ...words].reduce((sum, text) => sum + countByOtherModel(text), 0);
  return counted + 390 + 4 * messages.length;
}

it("counts the context as the model bills it, after ten replies to a person who writes Hebrew", async () => {
  const tokens = new TokenCounter({ model: "claude-test" });
  await tokens.load();
  const options = { apiKey: "test", baseUrl: model.url, model: "claude-test", clock: systemClock };
  const voice = createAnthropicVoice({ ...options, onBill: (texts, billed) => tokens.learn(texts, billed) });
  const app = createTestApp({ stack, voice, tokens });
  const person = await createPerson(stack, { name: "נועה" });
  const caller = app.as(person);
  const [text = "", chat = ""] = SAMPLE_TEXTS.filter(({ script }) => script === "hebrew").map((sample) => sample.text);
  for (const description of [text, chat, `${chat} ${text}`])
    await caller.dreams.create({ title: "ספר על הים", description });
  await caller.reflections.create({ tone: "hopeful", content: text });
  const { id: sessionId } = await caller.sessions.create({});
  const errorNow = async () => {
    const context = await caller.clarifyContext.get({ sessionId });
    return context.tokens / countByOtherModel(context.text) - 1;
  };
  expect(Math.abs(await errorNow())).toBeGreaterThan(0.1);

  model.otherwise = (request) => {
    const billed = billFor(request);
    // Most of it comes from the model's prompt cache, and is billed separately.
    const kept = Math.floor(billed * 0.8);
    const usage = { input_tokens: 10, cache_read_input_tokens: kept, cache_creation_input_tokens: billed - kept - 10 };
    return { kind: "reply", words: ["אני ", "שומעת."], usage };
  };
  for (let turn = 0; turn < 10; turn += 1) {
    await collect(await caller.messages.send({ sessionId, id: randomUUID(), content: `${chat} ${turn}` }));
    await app.backgroundDone();
  }
  expect(Math.abs(await errorNow())).toBeLessThan(0.1);
});
