import { expect, it } from "vitest";
import { textProblem } from "@/components/ui/text-problem";
import { english } from "../../support/english";

it.each([
  { entered: "a dream", problem: null },
  { entered: "  ", problem: "A title needs at least one character." },
  { entered: "🌊".repeat(200), problem: null },
  { entered: ` ${"x".repeat(200)} `, problem: null },
  { entered: "🌊".repeat(201), problem: "A title can have at most 200 characters." },
])("of $entered: $problem", ({ entered, problem }) => {
  expect(textProblem("A title", entered, { limit: 200, required: true }, english)).toBe(problem);
});

it("an optional text may be empty", () => {
  expect(textProblem("A category", "", { limit: 50 }, english)).toBeNull();
});
