import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Row } from "../report";
import { round } from "../report";
import type { SuiteOptions } from "../suite";

/** A million people pass through a store of 64 MB: how much memory does it take, compared with its cap? */
export async function memorySuite({ quick }: SuiteOptions): Promise<Row[]> {
  const people = quick ? 100_000 : 1_000_000;
  const worker = fork(fileURLToPath(new URL("../memory-worker.ts", import.meta.url)), [String(people)], {
    execArgv: [...process.execArgv, "--expose-gc"],
  });
  const [grownMb] = await once(worker, "message");
  return [
    { suite: "memory", subject: "clarify-memory", metric: "rss_mb", n: people, value: round(Number(grownMb)) },
    { suite: "memory", subject: "cap", metric: "rss_mb", n: people, value: 64 },
  ];
}
