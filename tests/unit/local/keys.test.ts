import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadKeys } from "@/server/local/keys";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "clarify-keys-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("keys are made once and kept, for their owner only", async () => {
  const keys = await loadKeys(directory);
  expect(keys.jwtSecret.length).toBeGreaterThanOrEqual(32);
  expect(await loadKeys(directory)).toEqual(keys);
  expect(await readdir(directory)).toEqual(["keys.json"]);
  expect((await stat(join(directory, "keys.json"))).mode & 0o777).toBe(0o600);
});

test("two data directories have different keys", async () => {
  const other = await mkdtemp(join(tmpdir(), "clarify-keys-"));
  try {
    expect((await loadKeys(other)).jwtSecret).not.toBe((await loadKeys(directory)).jwtSecret);
  } finally {
    await rm(other, { recursive: true });
  }
});

test.each(["", "{", '{"jwtSecret":"short"}'])(
  "a file that holds %o is named in the error and left alone",
  async (text) => {
    const file = join(directory, "keys.json");
    await writeFile(file, text);
    await expect(loadKeys(directory)).rejects.toThrow(file);
  },
);
