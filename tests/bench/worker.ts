import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts a process of its own. Resolves when it says that it is ready. @param file beside this one */
export async function startWorker(file: string): Promise<ChildProcess> {
  const worker = fork(fileURLToPath(new URL(file, import.meta.url)));
  await messageOf(worker);
  return worker;
}

/** The worker's next message. A worker that dies fails the suite. */
export async function messageOf(worker: ChildProcess): Promise<unknown> {
  const heard = new AbortController();
  const { signal } = heard;
  const died = once(worker, "exit", { signal }).then(([code]) => {
    throw new Error(`A process of the bench ended with code ${code}`);
  });
  try {
    const [message] = await Promise.race([once(worker, "message", { signal }), died]);
    return message;
  } finally {
    died.catch(() => {});
    heard.abort();
  }
}
