import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface AppProcess {
  url: string;
  /** Everything the app printed so far. */
  output(): string;
  /** Stops the app as Ctrl-C does, and resolves with its exit code. */
  stop(): Promise<number | null>;
}

const START_TIMEOUT_MS = 240_000;

/** Runs `npm start` on a free port with data of its own, and waits until it answers. */
export async function startApp(environment: Record<string, string> = {}): Promise<AppProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), "clarify-data-"));
  const port = await freePort();
  const child = spawn("npm", ["start"], {
    env: { ...process.env, NODE_ENV: "production", PORT: String(port), CLARIFY_DATA_DIR: dataDir, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const answering = new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(`http://localhost:${port}`)) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
  });

  async function stop() {
    // The whole group, as a terminal does it: npm, the launcher and its children.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
    const code = await exited;
    await rm(dataDir, { recursive: true, force: true });
    return code;
  }

  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const failed = Promise.race([
    exited.then((code) => `npm start ended with ${code}`),
    new Promise<string>((resolve) => timeout.addEventListener("abort", () => resolve("npm start took too long"))),
  ]);
  const failure = await Promise.race([answering.then(() => null), failed]);
  if (failure !== null) {
    await stop();
    throw new Error(`${failure}:\n${output}`);
  }
  return { url: `http://localhost:${port}`, output: () => output, stop };
}

/** A port that nothing listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No port was given out");
  return address.port;
}
