import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { freePort } from "../support/app-process";
import { run } from "./run";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clarify-readme-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The blocks of code in "Use it in your app": how to install, the file, and how to try it. */
async function blocks(): Promise<string[]> {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const section = /^## Use it in your app\n(.*?)^## /ms.exec(readme)?.[1] ?? "";
  return [...section.matchAll(/^```\w+\n(.*?)^```/gms)].map(([, code = ""]) => code);
}

/** Runs lines of a shell with the Node that runs this, with job control as at a prompt, and from npm's cache if it can. */
function shell(lines: string): Promise<string> {
  const path = `PATH="${dirname(process.execPath)}${delimiter}$PATH"`;
  return run("bash", ["-c", `set -em; export ${path} npm_config_prefer_offline=true\n${lines}`], folder);
}

test('README\'s "Use it in your app" works word for word, from an empty folder', async () => {
  const [install = "", app = "", tryIt = "", ...more] = await blocks();
  expect(more).toEqual([]);
  await shell(install.replace(/\/tmp\/clarify-context-[\d.]+\.tgz/, inject("tarball")));
  // Another port, because the one on the page may be in use.
  const port = String(await freePort());
  await writeFile(join(folder, "app.ts"), app.replaceAll("3001", port));
  const answers = await shell(tryIt.replaceAll("3001", port));
  expect(answers).toMatch(
    /"source":"loaded".*Paint the hull.*"result":\{"data":2\}.*- Paint the hull\\n- Sand the deck/s,
  );
});
