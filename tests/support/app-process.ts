import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface AppProcess {
  url: string;
  place: AppPlace;
  /** Everything the app printed so far. */
  output(): string;
  /** Is called with everything that it prints from now on, piece by piece. */
  onOutput: (piece: string) => void;
  /** The resident memory of the process that answers requests, in MB. */
  serverRssMb(): Promise<number>;
  /** Stops the app as Ctrl-C does, and resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Kills all of its processes at once, like a power cut. The data stays, for another start in the same place. */
  kill(): Promise<void>;
}

/** The data folder of an app, and the port that its visitors know. */
export interface AppPlace {
  dataDir: string;
  port: number;
}

const START_TIMEOUT_MS = 240_000;

/**
 * Runs `npm start` on a free port with a data folder of its own, or in the place of an app that was killed; waits until
 * it answers.
 */
export async function startApp(environment: Record<string, string> = {}, place?: AppPlace): Promise<AppProcess> {
  const { dataDir, port } = place ?? (await newPlace());
  const child = spawn("npm", ["start"], {
    env: {
      ...process.env,
      // If it is set, it names the Redis of the tests.
      REDIS_URL: "",
      NODE_ENV: "production",
      PORT: String(port),
      CLARIFY_DATA_DIR: dataDir,
      // A check loads a section once more, and tests count loads.
      CONSISTENCY_SAMPLE: "0",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  let isAnswering = false;
  const app: AppProcess = {
    url: `http://localhost:${port}`,
    place: { dataDir, port },
    output: () => output,
    onOutput: () => {},
    serverRssMb,
    stop,
    kill,
  };
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const answering = new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      const piece = chunk.toString();
      output += piece;
      app.onOutput(piece);
      if (!isAnswering && output.includes(`http://localhost:${port}`)) {
        isAnswering = true;
        resolve();
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
  });

  async function stop() {
    // The whole process group, as a terminal does it: npm, the launcher and its children.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
    const code = await exited;
    await rm(dataDir, { recursive: true, force: true });
    return code;
  }

  async function serverRssMb() {
    if (child.pid === undefined) return 0;
    const pids = await withDescendants(child.pid);
    const { stdout } = await promisify(execFile)("ps", ["-o", "rss=,args=", "-p", pids.join(",")]);
    const servers = stdout.split("\n").filter((line) => line.includes("next-server"));
    if (servers.length === 0) throw new Error(`None of these is the server:\n${stdout}`);
    return Math.max(...servers.map((line) => Number.parseInt(line, 10))) / 1024;
  }

  async function kill() {
    if (child.pid === undefined) return;
    for (const pid of await withDescendants(child.pid)) process.kill(pid, "SIGKILL");
    await exited;
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
  return app;
}

async function newPlace(): Promise<AppPlace> {
  return { dataDir: await mkdtemp(join(tmpdir(), "clarify-data-")), port: await freePort() };
}

/** A process, its children, and theirs. */
async function withDescendants(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
  const processes = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = [pid];
  for (const parent of family) {
    family.push(...processes.flatMap(([child = 0, of]) => (of === parent ? [child] : [])));
  }
  return family;
}

/** A port on which nothing listens at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No port was given out");
  return address.port;
}
