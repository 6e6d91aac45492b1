import { expect, it } from "vitest";
import { textProblem } from "@/components/ui/text-problem";
import { english } from "../../support/english";

it.each([
  { entered: "a dream", problem: null },
  { entered: "  ", problem: "Please fill in “Title”." },
  { entered: "🌊".repeat(200), problem: null },
  { entered: ` ${"x".repeat(200)} `, problem: null },
  { entered: "🌊".repeat(201), problem: "“Title” can have at most 200 characters." },
])("of $entered: $problem", ({ entered, problem }) => {
  expect(textProblem("Title", entered, { limit: 200, required: true }, english)).toBe(problem);
});

it("an optional text may be empty", () => {
  expect(textProblem("Category", "", { limit: 50 }, english)).toBeNull();
});
