import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { SCRIPTS } from "@/server/tokens/scripts";
import { loadVocabulary } from "@/server/tokens/vocabulary";
import { SAMPLE_TEXTS } from "@/tests/support/texts";

const byScript = await loadVocabulary();
const count = (text: string) => byScript(text).reduce((sum, tokens) => sum + tokens, 0);

describe("the vocabulary", () => {
  it.each(SAMPLE_TEXTS)("has as many tokens of $name as another implementation of it", ({ text }) => {
    expect(count(text)).toBe(countTokens(text));
  });

  it.each([
    ["Persian", "می‌خواهم", "arabic"],
    ["Turkish", "küçük bir kasabada", "latin"],
    ["English", "a small town, 3 of them", "ascii"],
    ["an emoji", "👩🏽‍🚀", "other"],
    ["Thai", "ต่างจังหวัด", "southeast"],
  ] as const)("says that %s is written in %s", (_what, text, script) => {
    const counts = byScript(text);
    expect(counts[SCRIPTS.indexOf(script)]).toBe(count(text));
  });

  it("stays near the count of a run without a break, in a time that grows with its length", () => {
    const run = "ฉันคิดมานานแล้วว่าอยากกลับไปอยู่บ้าน".repeat(20);
    expect(count(run) / countTokens(run)).toBeCloseTo(1, 1);
    const timed = (text: string) => {
      const begun = performance.now();
      count(text);
      return performance.now() - begun;
    };
    const short = Math.min(...[1, 2, 3].map(() => timed(run.repeat(2))));
    const long = Math.min(...[1, 2, 3].map(() => timed(run.repeat(20))));
    expect(long).toBeLessThan(short * 40);
  });

  it("counts 0 for an empty text, and half a character as something", () => {
    expect([count(""), count("\ud83d") > 0]).toEqual([0, true]);
  });

  it("never blocks the process for long while it is loaded", async () => {
    let longest = 0;
    let seenAt = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - seenAt);
      seenAt = performance.now();
    });
    const begun = performance.now();
    await loadVocabulary();
    const whole = performance.now() - begun;
    clearInterval(watch);
    expect(longest).toBeLessThan(whole / 2);
  });
});
