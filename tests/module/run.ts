import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a program to its end. On failure the error contains its output. */
export async function run(program: string, args: string[], cwd?: string): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { cwd, maxBuffer: 16 * 1024 * 1024 })).stdout;
  } catch (cause) {
    const { stdout = "", stderr = "" } = cause as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause });
  }
}
