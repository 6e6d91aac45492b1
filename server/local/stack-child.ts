import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { StackReady, StackTask } from "./stack-messages";
import { STACK_TASK_VARIABLE } from "./stack-messages";

const message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), step: z.string() }),
  z.object({
    type: z.literal("ready"),
    url: z.string(),
    publishableKey: z.string(),
    secretKey: z.string(),
    jwtSecret: z.string(),
    mails: z.string(),
    demo: z.object({ email: z.string(), password: z.string() }).nullable(),
  }),
  z.object({ type: z.literal("failed"), message: z.string() }),
]);

const entry = fileURLToPath(new URL("./stack-process.ts", import.meta.url));
const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

/** The stack could not start. The message is for a person. */
export class StackStartError extends Error {
  override name = "StackStartError";
}

export interface StackChild {
  process: ChildProcess;
  /** @throws {StackStartError} when it fails to start. */
  ready: Promise<StackReady>;
}

/** Starts the embedded stack in a process of its own, which stops cleanly on SIGTERM or when this process ends. */
export function forkStack(task: StackTask, onProgress: (step: string) => void): StackChild {
  const child = fork(entry, [], {
    cwd: projectRoot,
    execArgv: ["--import", import.meta.resolve("tsx")],
    env: { ...process.env, [STACK_TASK_VARIABLE]: JSON.stringify(task), LITE_TELEMETRY: "0", DO_NOT_TRACK: "1" },
    // Detached from the terminal's Ctrl-C, because the caller decides when it stops.
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ready = new Promise<StackReady>((resolve, reject) => {
    child.on("message", (value) => {
      const received = message.parse(value);
      if (received.type === "progress") onProgress(received.step);
      else if (received.type === "ready") resolve(received);
      else reject(new StackStartError(received.message));
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      reject(new StackStartError(`The embedded stack ended (${signal ?? `exit code ${code}`}) before it was ready.`));
    });
  });
  ready.catch(() => undefined); // The rejection reaches every caller that awaits it; there may be none.
  return { process: child, ready };
}
