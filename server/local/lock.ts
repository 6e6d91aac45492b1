import { createHash } from "node:crypto";
import { realpath, rm } from "node:fs/promises";
import type { Server } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface DirectoryLock {
  release(): Promise<void>;
}

/** Another process is using the data directory. */
export class DirectoryInUseError extends Error {
  override name = "DirectoryInUseError";
}

/**
 * Locks a data directory for this process, because PGlite would corrupt it if two processes wrote to it.
 *
 * The lock is a listening local socket named after the directory. The system gives it to only one process and frees it
 * when that process ends in any way, so a lock is never stale.
 * @throws {DirectoryInUseError} while another process holds it.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const { address, isFile } = lockAddress(await realpath(directory));
  const server = createServer((socket) => socket.on("error", () => undefined).end(String(process.pid)));
  if (!(await listen(server, address))) {
    const holder = await askHolder(address);
    // On systems where a socket is a file, the file can outlive its process. Connecting shows whether the process is
    // alive.
    const abandoned = isFile && holder === "gone";
    if (abandoned) await rm(address, { force: true });
    if (!abandoned || !(await listen(server, address))) {
      throw new DirectoryInUseError(
        `${directory} is in use by another Clarify${typeof holder === "number" ? ` (process ${holder})` : ""}. Stop that one, or set CLARIFY_DATA_DIR to a folder of its own.`,
      );
    }
  }
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function lockAddress(directory: string): { address: string; isFile: boolean } {
  const name = `clarify-${createHash("sha256").update(directory).digest("hex").slice(0, 32)}`;
  if (process.platform === "linux") return { address: `\0${name}`, isFile: false };
  if (process.platform === "win32") return { address: `\\\\.\\pipe\\${name}`, isFile: false };
  return { address: join(tmpdir(), `${name}.sock`), isFile: true };
}

/** Whether the address was free. */
function listen(server: Server, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error));
    server.once("error", fail);
    server.listen(address, () => {
      server.off("error", fail);
      resolve(true);
    });
  });
}

/** The id of the process that holds the lock; "busy" when it does not answer, "gone" when there is none. */
function askHolder(address: string): Promise<number | "busy" | "gone"> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(address);
    const settle = () => {
      socket.destroy();
      resolve(Number(answer) || "busy");
    };
    socket.setTimeout(1_000, settle);
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.on("error", () => resolve("gone")).on("close", settle);
  });
}
