import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { renderApi } from "@/docs/api-reference";

it("is what `npm run docs:api` writes", () => {
  expect(readFileSync("docs/api.md", "utf8")).toBe(renderApi());
}, 120_000);
