import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { lockDirectory } from "./lock";
import { StartError } from "./start-error";

/** What a backup holds: the stack's keys, and PostgreSQL's files. */
const CONTENTS = ["keys.json", "postgres"];

/**
 * Writes the database and the keys of a data directory into a new gzipped tar, which only its owner may read. The mails are
 * left out.
 * @throws {DirectoryInUseError} while the app runs on it; {@link StartError} when there is no data, or when the file exists.
 */
export async function backUp(dataDir: string, file: string): Promise<void> {
  if (!holdsData(dataDir))
    throw new StartError(`${dataDir} holds no data of Clarify. Set CLARIFY_DATA_DIR to where it is.`);
  if (existsSync(file)) throw new StartError(`${file} exists already.`);
  const lock = await lockDirectory(dataDir);
  // Renamed when it is complete, so that an interrupted backup does not look like a backup.
  const draft = `${file}.part`;
  try {
    const tar = startTar(["--create", "--gzip", "--directory", dataDir, ...CONTENTS]);
    await Promise.all([pipeline(tar.output, createWriteStream(draft, { mode: 0o600 })), tar.ended]);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await lock.release();
  }
}

/**
 * Replaces what a data directory holds by a backup. The replaced data is moved to a folder beside it.
 * @returns that folder; null when the directory held no data.
 * @throws {DirectoryInUseError} while the app runs on it; {@link StartError} when the file is not a complete backup, or when
 * the directory holds other files. Nothing has changed then.
 */
export async function restore(dataDir: string, file: string): Promise<string | null> {
  if (!existsSync(file)) throw new StartError(`${file} does not exist.`);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockDirectory(dataDir);
  const draft = join(dirname(dataDir), `.clarify-restore-${process.pid}`);
  try {
    await mkdir(draft, { mode: 0o700 });
    await startTar(["--extract", "--gzip", "--file", file, "--directory", draft]).ended.catch(() => {
      throw new StartError(`${file} is not a backup of Clarify, or is not complete.`);
    });
    if (!holdsData(draft)) throw new StartError(`${file} is not a backup of Clarify.`);
    const kept = await setAside(dataDir);
    await rename(draft, dataDir);
    return kept;
  } finally {
    await rm(draft, { recursive: true, force: true });
    await lock.release();
  }
}

/** Moves a data directory aside and returns where to. Removes an empty one. */
async function setAside(dataDir: string): Promise<string | null> {
  if (holdsData(dataDir)) {
    const kept = `${dataDir}.before-${new Date().toISOString().replaceAll(":", "-")}`;
    await rename(dataDir, kept);
    return kept;
  }
  await rmdir(dataDir).catch(() => {
    throw new StartError(`${dataDir} holds other files. Empty it, or set CLARIFY_DATA_DIR.`);
  });
  return null;
}

function holdsData(directory: string): boolean {
  return CONTENTS.every((name) => existsSync(join(directory, name)));
}

/** The system's tar. Those of Linux, macOS and Windows know these options. */
function startTar(options: string[]) {
  const child = spawn("tar", options, { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const ended = once(child, "close").then(([code]) => {
    if (code !== 0) throw new Error(`tar ended with ${code}: ${complaint.trim()}`);
  });
  return { output: child.stdout, ended };
}
