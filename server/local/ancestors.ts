import { execFile } from "node:child_process";
import { promisify } from "node:util";

const POLL_MS = 500;
const GENERATIONS = 4;

/**
 * Calls back once when the parent of this process, or the npm above it, is gone. When npm itself gets a signal, its
 * shell ends without passing it on, so the app would keep running and nobody could stop it.
 */
export function onAbandoned(callback: () => void): void {
  const parent = process.ppid;
  let npm: number | null = null;
  findNpm(parent).then(
    (pid) => {
      npm = pid;
    },
    () => undefined, // There is no `ps` here, so only the parent is watched.
  );
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === null || isAlive(npm))) return;
    clearInterval(timer);
    callback();
  }, POLL_MS);
  timer.unref();
}

async function findNpm(from: number): Promise<number | null> {
  let pid = from;
  for (let generation = 0; generation < GENERATIONS && pid > 1; generation++) {
    const { stdout } = await promisify(execFile)("ps", ["-o", "ppid=,args=", "-p", String(pid)]);
    const [, parent, args] = /^\s*(\d+)\s+(.*)/.exec(stdout) ?? [];
    if (args !== undefined && /^npm\b|\bnpm-cli\b|\/npm\b/.test(args)) return pid;
    pid = Number(parent ?? 0);
  }
  return null;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
