import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { BackendAddress } from "../backend-client";
import type { HerdCall } from "../herd-worker";
import type { PeerName } from "../peers/names";
import type { Row } from "../report";
import { round } from "../report";
import type { SuiteOptions } from "../suite";
import { messageOf, startWorker } from "../worker";

const PROCESSES = 4;
const READERS = 50;
/** As many as show that the suite runs. */
const QUICK_READERS = 5;

export async function herdSuite({ backend, latency, quick }: SuiteOptions): Promise<Row[]> {
  await backend.tell({ do: "latency", ...latency });
  const loads = await herdLoads({ backend, address: backend.address, names: ["clarify", "cache-aside"], quick });
  return loads.map((figures) => ({ suite: "herd", metric: "herd_loads_per_section", ...figures }));
}

interface Herd extends Pick<SuiteOptions, "backend" | "quick"> {
  address: BackendAddress;
  names: readonly PeerName[];
}

/** Four processes build one person's cold context fifty times each, all at once: how often is each section loaded? */
export async function herdLoads({ backend, address, names, quick }: Herd) {
  const workers = await Promise.all(Array.from({ length: PROCESSES }, () => startWorker("./herd-worker.ts")));
  const rounds = quick ? 1 : 10;
  const figures: { subject: PeerName; n: number; value: number }[] = [];
  for (const subject of names) {
    await stampede(workers, { address, subject, userId: randomUUID(), readers: 1 });
    await backend.tell({ do: "reset" });
    for (let n = 0; n < rounds; n += 1) {
      await stampede(workers, { address, subject, userId: randomUUID(), readers: quick ? QUICK_READERS : READERS });
    }
    const { databaseRequests } = await backend.counters();
    const counts = Object.values(databaseRequests);
    const loads = counts.reduce((sum, count) => sum + count, 0) / counts.length / rounds;
    figures.push({ subject, n: rounds, value: round(loads) });
  }
  for (const worker of workers) worker.disconnect();
  return figures;
}

async function stampede(workers: ChildProcess[], call: HerdCall): Promise<void> {
  const done = workers.map(messageOf);
  for (const worker of workers) worker.send(call);
  await Promise.all(done);
}
