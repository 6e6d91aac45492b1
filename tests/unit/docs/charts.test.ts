import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { renderPeers } from "@/docs/charts/peers";
import { renderPeople } from "@/docs/charts/people";

it.each([
  ["peers", renderPeers],
  ["people", renderPeople],
])("docs/charts/%s.svg is what `npm run docs:figures` draws", (name, render) => {
  const report = JSON.parse(readFileSync(`docs/charts/${name}.json`, "utf8"));
  expect(readFileSync(`docs/charts/${name}.svg`, "utf8")).toBe(render(report));
});
