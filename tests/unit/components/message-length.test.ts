import { describe, expect, it } from "vitest";
import { isSendable, lengthWords } from "@/components/conversation/composer/draft";
import { english } from "../../support/english";

describe("lengthWords", () => {
  it.each([
    [0, null],
    [3_599, null],
    [3_600, { text: "400 characters left", over: false }],
    [3_999, { text: "1 character left", over: false }],
    [4_000, { text: "0 characters left", over: false }],
    [5_200, { text: "1,200 too many", over: true }],
  ])("says of %i characters: %o", (length, words) => {
    expect(lengthWords("x".repeat(length), english)).toEqual(words);
    expect(lengthWords("🌊".repeat(length), english)).toEqual(words);
  });
});

describe("isSendable", () => {
  it.each([
    ["", false],
    [" \n ", false],
    ["a", true],
    ["x".repeat(4_000), true],
    ["x".repeat(4_001), false],
    ["🌊".repeat(4_000), true],
    ["🌊".repeat(4_001), false],
    [`${" ".repeat(50)}${"x".repeat(4_000)}\n`, true],
  ])("%#", (draft, sendable) => {
    expect(isSendable(draft)).toBe(sendable);
  });
});
