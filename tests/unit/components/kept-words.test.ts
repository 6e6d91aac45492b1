import { describe, expect, it } from "vitest";
import { dreamInWords, plainWords, reflectionInWords } from "@/components/keep/kept-words";

describe("a dream in a message's words", () => {
  it("has a single sentence as its title, and nothing else", () => {
    expect(dreamInWords(" Sit with Dad every Tuesday. ")).toEqual({
      title: "Sit with Dad every Tuesday",
      description: "",
      category: "",
      targetDate: "",
    });
  });

  it("has the first sentence as its title, and all of the message as its description", () => {
    const message = "I want to build a boat. Not to sail it.\nTo know that I can.";
    expect(dreamInWords(message)).toMatchObject({ title: "I want to build a boat", description: message });
  });

  it("loses no word of a long sentence, and fits into the fields", () => {
    const long = `${"very ".repeat(60)}far away`;
    const { title, description } = dreamInWords(long);
    expect(title.length).toBeLessThanOrEqual(100);
    expect(title).toMatch(/^very very .*…$/);
    expect(description).toBe(long);
    expect(dreamInWords("x".repeat(5_000)).description).toHaveLength(4_000);
  });
});

it("makes a reflection of all of a message", () => {
  expect(reflectionInWords(" I laughed.\n\nAgain. ")).toEqual({
    content: "I laughed.\n\nAgain.",
    tone: "",
    dreamId: "",
  });
});

it.each([
  ["**Stay** with _that_ for a *moment*.", "Stay with that for a moment."],
  ["## What I hear\n\n> You wrote `tired`.", "What I hear\n\nYou wrote tired."],
  ["See [this](https://example.com).", "See this."],
  ["2 * 3 * 4 and snake_case_names", "2 * 3 * 4 and snake_case_names"],
  ["- one\n- **two**", "- one\n- two"],
  ["Look:\n```ts\nconst a = **b**;\n```\nDone.", "Look:\nconst a = **b**;\nDone."],
])("reads %j without its marks", (markdown, plain) => {
  expect(plainWords(markdown)).toBe(plain);
});
