import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DirectoryInUseError, lockDirectory } from "@/server/local/lock";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "clarify-lock-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("a directory in use is refused with its holder and what to do", async () => {
  const lock = await lockDirectory(directory);
  const second = lockDirectory(directory);
  await expect(second).rejects.toThrow(DirectoryInUseError);
  await expect(second).rejects.toThrow(new RegExp(`process ${process.pid}.*CLARIFY_DATA_DIR`));
  await lock.release();
});

test("the same directory under another name is refused too", async () => {
  const lock = await lockDirectory(directory);
  const alias = `${directory}-alias`;
  await symlink(directory, alias);
  await expect(lockDirectory(alias)).rejects.toThrow(DirectoryInUseError);
  await rm(alias);
  await lock.release();
});

test("released, it can be taken again and nothing is left behind", async () => {
  await (await lockDirectory(directory)).release();
  await (await lockDirectory(directory)).release();
  expect(await readdir(directory)).toEqual([]);
});

test("of several processes at the same time, one gets it", async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => lockDirectory(directory)));
  const taken = outcomes.filter((outcome) => outcome.status === "fulfilled");
  expect(taken).toHaveLength(1);
  await Promise.all(taken.map(({ value }) => value.release()));
});

test("a process that is killed leaves no lock behind", async () => {
  const entry = fileURLToPath(new URL("./lock-holder.ts", import.meta.url));
  const holder = fork(entry, [directory], { execArgv: ["--import", import.meta.resolve("tsx")] });
  await once(holder, "message");
  await expect(lockDirectory(directory)).rejects.toThrow(`process ${holder.pid}`);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  await (await lockDirectory(directory)).release();
});
