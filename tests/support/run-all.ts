import type { SuiteResult } from "./run-vitest";
import { run, runSuite, summarise } from "./run-vitest";

// `npm test`: types and all suites on the embedded stack, browser included. A later suite still runs when an earlier
// one fails, so that one run shows everything.
console.log("Checking types …");
const typesHold = (await run(["next", "typegen"])) === 0 && (await run(["tsc", "--noEmit"])) === 0;

const results: SuiteResult[] = [
  { name: "types", passed: Number(typesHold), failed: Number(!typesHold), skipped: 0, ok: typesHold },
];
for (const name of ["unit", "integration", "e2e"]) results.push(await runSuite(name));

summarise("Ran on the embedded stack:", results);
