import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  success: z.boolean(),
});

export interface SuiteResult {
  name: string;
  passed: number;
  failed: number;
  skipped: number;
  ok: boolean;
}

/** Runs one vitest project, shows its output, and counts its tests. */
export async function runSuite(name: string, environment: Record<string, string> = {}): Promise<SuiteResult> {
  const folder = await mkdtemp(join(tmpdir(), "clarify-tests-"));
  const file = join(folder, "report.json");
  try {
    const exitCode = await run(
      ["vitest", "run", "--project", name, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
      environment,
    );
    const text = await readFile(file, "utf8").catch(() => null);
    // A suite that died before its report counts as failed, without tests.
    if (text === null) return { name, passed: 0, failed: 1, skipped: 0, ok: false };
    const counts = report.parse(JSON.parse(text));
    return {
      name,
      passed: counts.numPassedTests,
      failed: counts.numFailedTests,
      skipped: counts.numPendingTests,
      ok: exitCode === 0 && counts.success && counts.numPassedTests > 0,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a command of node_modules/.bin with inherited output; resolves with its exit code. */
export function run(command: string[], environment: Record<string, string> = {}): Promise<number> {
  const child = spawn("npm", ["exec", "--", ...command], { stdio: "inherit", env: { ...process.env, ...environment } });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** Prints what ran, and sets the process's exit code to 1 if anything failed. */
export function summarise(title: string, results: SuiteResult[]): void {
  console.log(`\n${title}`);
  for (const { name, passed, failed, skipped, ok } of results) {
    console.log(`  ${ok ? "✓" : "✗"} ${name.padEnd(12)} ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
  const sum = (count: (result: SuiteResult) => number) => results.reduce((total, result) => total + count(result), 0);
  console.log(`\n${sum((result) => result.passed)} passed, ${sum((result) => result.failed)} failed`);
  if (!results.every((result) => result.ok)) process.exitCode = 1;
}
