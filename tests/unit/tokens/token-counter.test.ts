import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { createCache } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import { estimateTokens } from "@/server/context/tokens";
import { calibrate } from "@/server/tokens/calibrate";
import { TokenCounter } from "@/server/tokens/token-counter";
import { loadVocabulary } from "@/server/tokens/vocabulary";
import { countByOtherModel } from "@/tests/support/model/other-tokenizer";
import { SAMPLE_TEXTS } from "@/tests/support/texts";

const vocabulary = await loadVocabulary();

async function loaded(model: string, memoryBytes?: number): Promise<TokenCounter> {
  const tokens = new TokenCounter({
    model,
    vocabulary: async () => vocabulary,
    ...(memoryBytes !== undefined && { memoryBytes }),
  });
  await tokens.load();
  return tokens;
}

const sampleOf = (name: string) => SAMPLE_TEXTS.find((sample) => sample.name === name)?.text ?? "";

/** A bill for texts, from a model with another vocabulary and an overhead per request. */
const bill = (texts: readonly string[]) => texts.reduce((sum, text) => sum + countByOtherModel(text), 420);

const INSTRUCTIONS = `${sampleOf("English")}\n`.repeat(6);

describe("a counter of tokens", () => {
  it.each(SAMPLE_TEXTS)("is right for a model with the published vocabulary in $name", async ({ text }) => {
    const tokens = await loaded("gpt");
    expect([tokens.countLine(text), tokens.countMessage(text)]).toEqual([countTokens(text), countTokens(text)]);
  });

  it("estimates until the vocabulary is there, and counts everything again then", async () => {
    const tokens = new TokenCounter({ model: "gpt", vocabulary: async () => vocabulary });
    const text = sampleOf("Russian");
    expect([tokens.countLine(text), tokens.countMessage(text)]).toEqual([estimateTokens(text), estimateTokens(text)]);
    await tokens.load();
    expect([tokens.countLine(text), tokens.countMessage(text)]).toEqual([countTokens(text), countTokens(text)]);
  });

  it("keeps its memory within the bytes that it may take", async () => {
    const tokens = await loaded("gpt", 20_000);
    for (let n = 0; n < 200; n += 1) tokens.countLine(`line ${n} ${"word ".repeat(20)}`);
    expect(tokens.lineBytes).toBeLessThanOrEqual(20_000);
    expect(tokens.lineBytes).toBeGreaterThan(10_000);
    const before = tokens.lineBytes;
    for (let n = 0; n < 200; n += 1) tokens.countMessage(`message ${n} ${"word ".repeat(20)}`);
    expect(tokens.lineBytes).toBe(before);
  });

  it.each(["Hebrew", "Thai", "Polish", "English", "Chinese", "Russian"])(
    "is, for %s, within a tenth of what a model with another vocabulary bills, after ten replies",
    async (name) => {
      const tokens = await loaded("claude-test");
      const context = `- ${sampleOf(name)}\n`.repeat(5);
      const said: string[] = [];
      for (let reply = 0; reply < 10; reply += 1) {
        said.push(sampleOf(name).slice(reply * 3), `${reply}`);
        tokens.learn({ standing: [INSTRUCTIONS, context], said }, bill([INSTRUCTIONS, context, ...said]));
      }
      const counted = context.split(/(?<=\n)/).reduce((sum, line) => sum + tokens.countLine(line), 0);
      expect(Math.abs(counted / countByOtherModel(context) - 1)).toBeLessThan(0.1);
    },
  );

  it("stays the same once it has learned", async () => {
    const tokens = await loaded("claude-test");
    const context = `- ${sampleOf("Hebrew")}\n`.repeat(5);
    const unlearned = tokens.countLine(context);
    const counts: number[] = [];
    for (let reply = 0; reply < 40; reply += 1) {
      const said = [sampleOf("Hebrew in a chat").slice(reply)];
      tokens.learn({ standing: [INSTRUCTIONS, context], said }, bill([INSTRUCTIONS, context, ...said]));
      counts.push(tokens.countLine(context));
    }
    expect(new Set(counts.slice(10)).size).toBe(1);
    expect(counts[10]).not.toBe(unlearned);
  });

  it("learns nothing from a bill of 0", async () => {
    const tokens = await loaded("claude-test");
    const before = tokens.countLine(INSTRUCTIONS);
    tokens.learn({ standing: [INSTRUCTIONS], said: [] }, 0);
    expect(tokens.countLine(INSTRUCTIONS)).toBe(before);
  });
});

describe("learning from the model's own counts", () => {
  it.each(SAMPLE_TEXTS.filter(({ script }) => !["latin", "latin with marks", "indic"].includes(script)))(
    "makes the counts hold for $name before anything was billed",
    async ({ text }) => {
      const tokens = await loaded("claude-test");
      const cache = createCache({ store: memory() });
      await calibrate({ tokens, cache, countRequest: async (asked) => countByOtherModel(asked) + 7 });
      const error = tokens.countMessage(text) / countByOtherModel(text) - 1;
      expect(error).toBeGreaterThan(-0.15);
      expect(error).toBeLessThan(0.25);
    },
  );

  it("happens once for all processes", async () => {
    const cache = createCache({ store: memory() });
    let asked = 0;
    const countRequest = async (text: string) => {
      asked += 1;
      return countByOtherModel(text);
    };
    const [one, other] = [await loaded("claude-test"), await loaded("claude-test")];
    await calibrate({ tokens: one, cache, countRequest });
    const first = asked;
    await calibrate({ tokens: other, cache, countRequest });
    expect(asked).toBe(first);
    expect(other.countMessage(sampleOf("Hebrew"))).toBe(one.countMessage(sampleOf("Hebrew")));
  });
});
