import type { Day } from "../people/simulate";
import { dollarsAMonth, simulate } from "../people/simulate";
import type { Row } from "../report";
import { round } from "../report";
import type { SuiteOptions } from "../suite";

const TTL_TIMES = [0.25, 0.5, 1, 2, 4, 8];

/** A day of up to a million people, simulated: Redis's memory, commands and price, and the hit rate by TTL. */
export async function peopleSuite({ quick }: Pick<SuiteOptions, "quick">): Promise<Row[]> {
  const sizes = quick ? [1_000] : [1_000, 10_000, 100_000, 1_000_000];
  const rows = simulate({ sizes, ttlTimes: 1 }).flatMap(rowsOf);
  for (const ttlTimes of TTL_TIMES) {
    const [day] = simulate({ sizes: [quick ? 1_000 : 100_000], ttlTimes });
    if (day) rows.push(...hitRates(day));
  }
  return rows;
}

function rowsOf(day: Day): Row[] {
  const figures = {
    redis_mean_mb: day.meanBytes / 1_000_000,
    redis_peak_mb: day.peakBytes / 1_000_000,
    mean_commands_per_s: day.commands / 86_400,
    peak_commands_per_s: day.peakCommandsPerS,
    dollars_a_month: dollarsAMonth(day),
  };
  return Object.entries(figures).map(([metric, value]) => row(`${day.people} people`, metric, day.people, value));
}

function hitRates(day: Day): Row[] {
  const subject = `${day.ttlTimes} × TTL`;
  return [
    row(subject, "hit_rate", day.reads, day.hits / day.reads),
    row(subject, "message_hit_rate", day.messageReads, day.messageHits / day.messageReads),
  ];
}

function row(subject: string, metric: string, n: number, value: number): Row {
  return { suite: "people", subject, metric, n, value: round(value) };
}
