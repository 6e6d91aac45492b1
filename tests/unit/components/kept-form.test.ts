import { expect, it } from "vitest";
import { parseDraft } from "@/components/lists/use-kept-form";

const EMPTY = { title: "", description: "" };

it("reads the fields of a kept form, and nothing else", () => {
  expect(parseDraft(JSON.stringify({ title: "Sail", description: 7, more: "x" }), EMPTY)).toEqual({
    title: "Sail",
    description: "",
  });
});

it.each(["", "words of an earlier version", "null", "7"])("finds no form in %j", (text) => {
  expect(parseDraft(text, EMPTY)).toBeNull();
});
