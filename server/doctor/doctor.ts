import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import nextEnv from "@next/env";
import { schemaOf } from "./check-database";
import { examine } from "./examine";
import type { FindingState } from "./finding";

// `npm run doctor`: asks everything that the app depends on, prints what it finds, and fails where something is unusable.

const root = new URL("../..", import.meta.url);
const TIMEOUT_MS = 5_000;
const SIGNS: Record<FindingState, string> = { ok: "✓", warning: "!", failed: "✗", skipped: "–" };

nextEnv.loadEnvConfig(fileURLToPath(root), false, { info: () => undefined, error: console.error });
const findings = await examine({
  environment: process.env,
  schema: schemaOf(await migrations(new URL("supabase/migrations/", root))),
  now: Date.now,
  timeoutMs: TIMEOUT_MS,
});
for (const { part, state, says } of findings) console.log(`${SIGNS[state]} ${part.padEnd(20)}${says}`);
process.exitCode = findings.some(({ state }) => state === "failed") ? 1 : 0;

async function migrations(folder: URL): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(names.map((name) => readFile(new URL(name, folder), "utf8")));
}
