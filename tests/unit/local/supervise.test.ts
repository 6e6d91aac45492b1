import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { afterEach, describe, expect, test } from "vitest";
import { Supervisor } from "@/server/local/supervise";

const spawned: ChildProcess[] = [];
afterEach(() => {
  for (const child of spawned.splice(0)) child.kill("SIGKILL");
});

/** A process that runs a script; resolves when it has written something. */
async function run(script: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  spawned.push(child);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child;
}

const idle = "console.log('up'); setInterval(() => {}, 1000);";
const ended = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

describe("a supervisor", () => {
  test("stops its children", async () => {
    const supervisor = new Supervisor();
    const children = await Promise.all([run(idle), run(idle)]);
    for (const child of children) supervisor.keep("A child", child);
    await supervisor.stop(10_000);
    expect(children.every(ended)).toBe(true);
  });

  test("kills children that do not stop within the grace period", async () => {
    const supervisor = new Supervisor();
    const child = await run(`process.on('SIGTERM', () => {}); ${idle}`);
    supervisor.keep("A stubborn child", child);
    await supervisor.stop(50);
    expect(child.signalCode).toBe("SIGKILL");
  });

  test("fails when a child ends by itself, naming it and its exit code", async () => {
    const supervisor = new Supervisor();
    supervisor.keep("The database", await run("console.log('up'); setTimeout(() => process.exit(3), 10);"));
    await expect(supervisor.failure).rejects.toThrow("The database ended unexpectedly (exit code 3).");
  });

  test("does not count stopping as a failure", async () => {
    const supervisor = new Supervisor();
    let failed = false;
    supervisor.failure.catch(() => {
      failed = true;
    });
    supervisor.keep("A child", await run(idle));
    await Promise.all([supervisor.stop(10_000), supervisor.stop(10_000)]);
    expect(failed).toBe(false);
  });

  test("waits for a child that runs once", async () => {
    const supervisor = new Supervisor();
    await supervisor.complete("The build", spawn(process.execPath, ["-e", ""]));
    const failing = supervisor.complete("The build", spawn(process.execPath, ["-e", "process.exit(2)"]));
    await expect(failing).rejects.toThrow("The build failed (exit code 2).");
  });

  test("a child that is started while the others stop is stopped too", async () => {
    const supervisor = new Supervisor();
    await supervisor.stop(10_000);
    const late = await run(idle);
    const gone = new Promise((resolve) => late.once("exit", resolve));
    supervisor.keep("A late child", late);
    await gone;
  });
});
