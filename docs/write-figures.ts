import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Report } from "@/tests/bench/report";
import { renderPeers } from "./charts/peers";
import { renderPeople } from "./charts/people";
import { renderTables, withTables } from "./tables";

// `npm run docs:figures`: draws the charts and writes the README's tables from the figures that `npm run bench -- --json`
// wrote: each chart from those beside it, the tables from figures.json.

const CHARTS: Record<string, (report: Report) => string> = { peers: renderPeers, people: renderPeople };
const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const read = (name: string): Report => JSON.parse(readFileSync(pathOf(name), "utf8"));

for (const [name, render] of Object.entries(CHARTS)) {
  writeFileSync(pathOf(`charts/${name}.svg`), render(read(`charts/${name}.json`)));
}

const readme = pathOf("../README.md");
writeFileSync(readme, withTables(readFileSync(readme, "utf8"), renderTables(read("figures.json"))));
