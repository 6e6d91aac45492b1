import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPgliteConnection } from "@supabase/lite/pglite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backUp, restore } from "@/server/local/backup";
import { loadKeys } from "@/server/local/keys";
import { DirectoryInUseError, lockDirectory } from "@/server/local/lock";

let folder: string;
let dataDir: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clarify-backup-"));
  dataDir = join(folder, "data");
  file = join(folder, "backup.tgz");
  await mkdir(dataDir);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs SQL on the database of the data directory, which is made where there is none. */
async function run(query: string): Promise<Record<string, unknown>[]> {
  const connection = await createPgliteConnection({ url: join(dataDir, "postgres") });
  await connection.driver.waitReady;
  const { rows } = await connection.driver.query<Record<string, unknown>>(query);
  await connection.close();
  return rows;
}

/** Data that is quick to make, for what does not depend on it being a database. */
async function pretendData(): Promise<void> {
  await mkdir(join(dataDir, "postgres"));
  await writeFile(join(dataDir, "postgres", "rows"), "rows");
  await loadKeys(dataDir);
}

test("a backup brings back the database and the keys as they were, and keeps what came after it", async () => {
  const keys = await loadKeys(dataDir);
  await run("create table dream as select 'Learn to sail' as title");
  await backUp(dataDir, file);
  expect((await stat(file)).mode & 0o077).toBe(0);

  await run("update dream set title = 'Learn to fly'");
  await rm(join(dataDir, "keys.json"));
  await loadKeys(dataDir);
  const kept = await restore(dataDir, file);
  expect(await run("select title from dream")).toEqual([{ title: "Learn to sail" }]);
  expect(await loadKeys(dataDir)).toEqual(keys);

  dataDir = String(kept);
  expect(await run("select title from dream")).toEqual([{ title: "Learn to fly" }]);
}, 120_000);

test("a backup is restored where there is no data yet", async () => {
  await pretendData();
  await backUp(dataDir, file);
  const elsewhere = join(folder, "another", "data");
  expect(await restore(elsewhere, file)).toBeNull();
  expect(await readFile(join(elsewhere, "postgres", "rows"), "utf8")).toBe("rows");
  expect(await readdir(join(folder, "another"))).toEqual(["data"]);
});

test("neither is done while the app runs", async () => {
  await pretendData();
  await backUp(dataDir, file);
  const lock = await lockDirectory(dataDir);
  await expect(backUp(dataDir, join(folder, "second.tgz"))).rejects.toThrow(DirectoryInUseError);
  await expect(restore(dataDir, file)).rejects.toThrow(DirectoryInUseError);
  await lock.release();
  expect(await readdir(folder)).toEqual(["backup.tgz", "data"]);
});

test.each([
  ["no archive", "not a tar"],
  ["an empty file", ""],
])("%s is not restored, and nothing has changed then", async (_what, content) => {
  await pretendData();
  await writeFile(file, content);
  await expect(restore(dataDir, file)).rejects.toThrow("is not a backup of Clarify");
  expect(await readFile(join(dataDir, "postgres", "rows"), "utf8")).toBe("rows");
  expect(await readdir(folder)).toEqual(["backup.tgz", "data"]);
});

test("half a backup is not restored", async () => {
  await pretendData();
  await backUp(dataDir, file);
  const whole = await readFile(file);
  await writeFile(file, whole.subarray(0, whole.length / 2));
  await expect(restore(dataDir, file)).rejects.toThrow("is not complete");
});

test("a backup is written over nothing, and made of nothing but data", async () => {
  await expect(backUp(dataDir, file)).rejects.toThrow("holds no data of Clarify");
  await pretendData();
  await writeFile(file, "another backup");
  await expect(backUp(dataDir, file)).rejects.toThrow("exists already");
  expect(await readFile(file, "utf8")).toBe("another backup");
});

test("a folder that holds something else is left as it is", async () => {
  await pretendData();
  await backUp(dataDir, file);
  const home = join(folder, "home");
  await mkdir(home);
  await writeFile(join(home, "letter"), "Dear Noa");
  await expect(restore(home, file)).rejects.toThrow("holds other files");
  expect(await readdir(home)).toEqual(["letter"]);
});
