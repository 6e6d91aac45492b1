import { statfs } from "node:fs/promises";
import { StartError } from "./start-error";

/**
 * What a disk has to have free for a write, in bytes: a few segments of PostgreSQL's log. An embedded PostgreSQL that cannot
 * make the next one never answers again.
 */
export const ROOM_FOR_WRITES = 64 * 1024 * 1024;
/** What a new database takes. */
const ROOM_FOR_A_DATABASE = 40 * 1024 * 1024;

export type HasRoom = () => Promise<boolean>;

/**
 * Whether the disk that holds a directory has room for writes. Says so when that changes.
 * @param say where an operator reads
 */
export function watchRoom(directory: string, say: (text: string) => void, free = freeBytes): HasRoom {
  let full = false;
  return async () => {
    const wasFull = full;
    full = (await free(directory)) < ROOM_FOR_WRITES;
    if (full && !wasFull) say(`The disk that holds ${directory} is full: nothing is saved until ${MB} MB are free.`);
    if (!full && wasFull) say(`There is room again on the disk that holds ${directory}.`);
    return !full;
  };
}

/** @throws {StartError} when a database cannot work there. */
export async function assertRoom(directory: string, { isNew }: { isNew: boolean }, free = freeBytes): Promise<void> {
  const needed = ROOM_FOR_WRITES + (isNew ? ROOM_FOR_A_DATABASE : 0);
  const found = await free(directory);
  if (found >= needed) return;
  throw new StartError(
    `The disk that holds ${directory} has ${toMb(found)} MB free, and the database needs ${toMb(needed)} MB. Make room, or set CLARIFY_DATA_DIR to another disk.`,
  );
}

const toMb = (bytes: number) => Math.floor(bytes / 1024 / 1024);
const MB = toMb(ROOM_FOR_WRITES);

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
