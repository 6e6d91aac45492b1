import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

export interface NextCommand {
  args: string[];
  env: Record<string, string | undefined>;
}

/** Runs the Next.js command line in a process of its own, which ends when this one does. */
export function forkNext({ args, env }: NextCommand): ChildProcess {
  return fork(createRequire(import.meta.url).resolve("next/dist/bin/next"), args, {
    cwd: projectRoot,
    execArgv: ["--import", new URL("./exit-with-parent.mjs", import.meta.url).href],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
    // Detached from the terminal's Ctrl-C, because the launcher stops its children in order.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}

/** Buffers the output of a child until `show` is called. */
export function holdOutput(child: ChildProcess) {
  const held: Buffer[] = [];
  let passOn = (chunk: Buffer): void => {
    held.push(chunk);
  };
  child.stdout?.on("data", (chunk: Buffer) => passOn(chunk));
  child.stderr?.on("data", (chunk: Buffer) => passOn(chunk));
  return {
    /** Shows all further output, and with `past` the buffered output first. */
    show({ past }: { past: boolean }) {
      if (past) process.stdout.write(Buffer.concat(held));
      held.length = 0;
      passOn = (chunk) => process.stdout.write(chunk);
    },
  };
}

/** Waits until the app answers a request, with any status. */
export async function untilAnswering(url: string, timeoutMs: number): Promise<void> {
  const deadline = AbortSignal.timeout(timeoutMs);
  while (!(await answers(url, deadline))) await delay(100, undefined, { signal: deadline });
}

async function answers(url: string, deadline: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: deadline, redirect: "manual" });
    await response.body?.cancel();
    return true;
  } catch (error) {
    if (deadline.aborted) throw error;
    return false;
  }
}
