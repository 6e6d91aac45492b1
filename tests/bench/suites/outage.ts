import { randomUUID } from "node:crypto";
import type { Fault } from "../../support/redis/fault";
import type { BackendAddress } from "../backend-client";
import type { Row } from "../report";
import { round, timings } from "../report";
import { clarify, clarifyTcp, promiseAll } from "../subjects";
import type { SuiteOptions } from "../suite";

const OUTAGES: { metric: string; fault: Fault }[] = [
  { metric: "outage_refused", fault: { kind: "refuse" } },
  { metric: "outage_hanging", fault: { kind: "hang" } },
  { metric: "outage_error", fault: { kind: "status", status: 500 } },
  { metric: "outage_slow", fault: { kind: "delay", ms: 500 } },
];

const clarifyRest = (address: BackendAddress) => clarify("clarify", address);

/**
 * Redis breaks while a person is warm. Timed from the first failing request on; `…_open_ms` counts only the builds that
 * begin after the breaker has opened. A build that takes longer than ten seconds counts as failed.
 */
export async function outageSuite({ backend, latency, quick }: SuiteOptions): Promise<Row[]> {
  await backend.tell({ do: "latency", ...latency });
  const builds = quick ? 10 : 200;
  const rows: Row[] = [];
  let [attempts, failures] = [0, 0];

  for (const { metric, fault } of OUTAGES) {
    for (const start of [clarifyRest, clarifyTcp]) {
      const ours = start(backend.address);
      const without = promiseAll(backend.address);
      const userId = randomUUID();
      await ours.build(userId);
      await ours.settled();
      await backend.tell({ do: "fault", fault });

      const [all, open, uncached]: number[][] = [[], [], []];
      for (let n = 0; n < builds; n += 1) {
        const wasOpen = ours.cache.health().breaker !== "closed";
        const begun = performance.now();
        const text = await ours.build(userId).catch(() => null);
        const taken = performance.now() - begun;
        attempts += 1;
        if (text === null || taken > 10_000) failures += 1;
        all?.push(taken);
        if (wasOpen) open?.push(taken);
        const begunWithout = performance.now();
        await without.build(userId);
        uncached?.push(performance.now() - begunWithout);
      }
      await backend.tell({ do: "recover" });
      await ours.settled();
      rows.push({ suite: "outage", subject: ours.name, metric: `${metric}_ms`, ...timings(all ?? []) });
      rows.push({ suite: "outage", subject: ours.name, metric: `${metric}_open_ms`, ...timings(open ?? []) });
      if (start === clarifyRest) {
        rows.push({ suite: "outage", subject: "promise-all", metric: `${metric}_ms`, ...timings(uncached ?? []) });
      }
    }
  }
  rows.push({
    suite: "outage",
    subject: "clarify",
    metric: "outage_error_rate",
    n: attempts,
    value: round(failures / attempts),
  });
  return rows;
}
