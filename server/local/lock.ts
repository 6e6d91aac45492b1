import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { z } from "zod";

const holderSchema = z.object({ pid: z.number(), port: z.number(), id: z.string() });
type Holder = z.infer<typeof holderSchema>;

export interface DirectoryLock {
  release(): Promise<void>;
}

/** Somebody else uses the data directory just now. */
export class DirectoryInUseError extends Error {
  override name = "DirectoryInUseError";
}

/**
 * Takes a data directory for this process: PGlite would corrupt it if two processes wrote to it.
 *
 * The lock file names a loopback port on which its holder answers with the lock's id. A process id alone would not do:
 * after a crash and a reboot it may belong to anything.
 * @throws {DirectoryInUseError} while another process holds it. The lock of a dead process is taken over.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const file = join(directory, "stack.lock");
  const id = randomUUID();
  const server = createServer((socket) => socket.on("error", () => undefined).end(id));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  server.unref();
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The lock's server has no port");

  const draft = join(directory, `stack.lock.${id}`);
  const mine: Holder = { pid: process.pid, port: address.port, id };
  try {
    await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
    while (!(await take(draft, file))) {
      const holder = await readHolder(file);
      if (holder !== null && (await answersAs(holder))) {
        throw new DirectoryInUseError(
          `${directory} is in use by another Clarify (process ${holder.pid}). Stop that one, or set CLARIFY_DATA_DIR to a folder of its own.`,
        );
      }
      await rm(file, { force: true });
    }
  } catch (error) {
    server.close();
    throw error;
  } finally {
    await rm(draft, { force: true });
  }

  return {
    async release() {
      server.close();
      if ((await readHolder(file))?.id === id) await rm(file, { force: true });
    },
  };
}

/** A link appears whole or not at all, and never over an existing file. */
async function take(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return null; // Gone meanwhile, or not a lock: either way nobody answers for it.
  }
}

function answersAs({ port, id }: Holder): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect({ host: "127.0.0.1", port });
    const settle = () => {
      socket.destroy();
      resolve(answer === id);
    };
    socket.setTimeout(2_000, settle);
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.on("error", settle).on("close", settle);
  });
}
