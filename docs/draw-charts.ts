import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Report } from "@/tests/bench/report";
import { renderPeers } from "./charts/peers";
import { renderPeople } from "./charts/people";

// `npm run docs:charts`: draws the charts from the figures beside them, which `npm run bench -- --json` wrote.

const CHARTS: Record<string, (report: Report) => string> = { peers: renderPeers, people: renderPeople };
const pathOf = (name: string) => fileURLToPath(new URL(`charts/${name}`, import.meta.url));

for (const [name, render] of Object.entries(CHARTS)) {
  writeFileSync(pathOf(`${name}.svg`), render(JSON.parse(readFileSync(pathOf(`${name}.json`), "utf8"))));
}
