import type { Backend, BackendCall } from "./backend-client";
import { timings } from "./report";
import type { Subject } from "./subjects";

export const NO_LATENCY: BackendCall = { do: "latency", databaseMs: 0, redisMs: 0 };

export async function repeat(subject: Subject, userId: string, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await subject.build(userId);
  await subject.settled();
}

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

export interface CpuRun {
  subjects: Subject[];
  blocks: number;
  /** Builds in each block. */
  builds: number;
  nextUser: () => string;
}

/** The processor time of a build in milliseconds, in blocks in which the subjects take turns. */
export async function cpuPerBuild({ subjects, blocks, builds, nextUser }: CpuRun) {
  const spent = new Map(subjects.map((subject) => [subject, [] as number[]]));
  for (let block = 0; block < blocks; block += 1) {
    for (const [subject, taken] of spent) {
      const before = process.cpuUsage();
      for (let n = 0; n < builds; n += 1) await subject.build(nextUser());
      await subject.settled();
      const { user, system } = process.cpuUsage(before);
      taken.push((user + system) / 1_000 / builds);
    }
  }
  return [...spent].map(([{ name }, taken]) => ({ name, figures: timings(taken) }));
}

/** Resolves when the five queries of a build have reached the database. */
export async function databaseAsked(backend: Backend): Promise<void> {
  await backend.tell({ do: "reset" });
  for (;;) {
    const { databaseRequests } = await backend.counters();
    if (Object.keys(databaseRequests).length >= 5) return;
  }
}
