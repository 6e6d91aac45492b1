import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { renderTables, withTables } from "@/docs/tables";

const figures = JSON.parse(readFileSync("docs/figures.json", "utf8"));

it("the README's tables are what `npm run docs:figures` writes", () => {
  const readme = readFileSync("README.md", "utf8");
  expect(withTables(readme, renderTables(figures))).toBe(readme);
});

it("a figure that was not measured, or a table without its place, is an error", () => {
  expect(() => renderTables({ ...figures, rows: [] })).toThrow("Not measured: outage, clarify, outage_hanging_open_ms");
  expect(() => withTables("# Clarify", { costs: "| |" })).toThrow('There is no place for the table "costs"');
});
