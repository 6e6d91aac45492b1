import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startBackend } from "./backend-client";
import { printPeers } from "./peers/table";
import type { Report } from "./report";
import { printReport } from "./report";
import type { Suite } from "./suite";
import { budgetSuite } from "./suites/budget";
import { cacheSuite } from "./suites/cache";
import { fleetSuite } from "./suites/fleet";
import { herdSuite } from "./suites/herd";
import { instrumentationSuite } from "./suites/instrumentation";
import { loadSuite } from "./suites/load";
import { memorySuite } from "./suites/memory";
import { messageSuite } from "./suites/message";
import { outageSuite } from "./suites/outage";
import { pageSuite } from "./suites/page";
import { peersSuite } from "./suites/peers";
import { peopleSuite } from "./suites/people";
import { relatedSuite } from "./suites/related";
import { tokensSuite } from "./suites/tokens";

const SUITES: Record<string, Suite> = {
  cache: cacheSuite,
  message: messageSuite,
  herd: herdSuite,
  outage: outageSuite,
  peers: peersSuite,
  people: peopleSuite,
  load: loadSuite,
  fleet: fleetSuite,
  memory: memorySuite,
  page: pageSuite,
  instrumentation: instrumentationSuite,
  tokens: tokensSuite,
  related: relatedSuite,
  budget: budgetSuite,
};

const { values } = parseArgs({
  options: {
    suite: { type: "string", multiple: true },
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    "database-ms": { type: "string", default: "50" },
    "redis-ms": { type: "string", default: "5" },
  },
});

const names = values.suite ?? Object.keys(SUITES);
const unknown = names.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(", ")}. There are: ${Object.keys(SUITES).join(", ")}.`);
  process.exit(2);
}

const latency = { databaseMs: Number(values["database-ms"]), redisMs: Number(values["redis-ms"]) };
const backend = await startBackend();
const report: Report = { node: process.version, ...latency, rows: [] };
for (const name of names) {
  console.log(`Running ${name} …`);
  report.rows.push(...((await SUITES[name]?.({ backend, latency, quick: values.quick })) ?? []));
}
await backend.stop();

const [peers, others] = [true, false].map((of) => report.rows.filter(({ suite }) => suite.startsWith("peers") === of));
printReport({ ...report, rows: others ?? [] });
printPeers(peers ?? []);
if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
// The subjects' clients keep trying to reach the backend, which has stopped.
process.exit();
