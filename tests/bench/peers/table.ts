import type { Row } from "../report";
import type { Transport } from "./names";
import { PEER_NAMES, TRANSPORTS } from "./names";

const TITLES: Record<Exclude<Transport, "none">, string> = {
  upstash: "over Upstash's REST API",
  tcp: "over TCP",
};

/** Prints the peers side by side: a column for each peer, a row for each metric. */
export function printPeers(rows: readonly Row[]): void {
  for (const suite of new Set(rows.map((row) => row.suite))) {
    for (const [transport, title] of Object.entries(TITLES)) {
      const names: string[] = PEER_NAMES.filter((name) => ["none", transport].includes(TRANSPORTS[name]));
      const shown = rows.filter((row) => row.suite === suite && names.includes(row.subject));
      if (shown.length === 0) continue;
      console.log(`\n${suite}, ${title}: the median and the 95th percentile, or a single figure`);
      console.table(pivot(shown));
    }
  }
}

function pivot(rows: readonly Row[]): Record<string, Record<string, string>> {
  const table: Record<string, Record<string, string>> = {};
  for (const row of rows) {
    table[row.metric] ??= {};
    Object.assign(table[row.metric] ?? {}, {
      [row.subject]: "value" in row ? `${row.value}` : `${row.p50} (${row.p95})`,
    });
  }
  return table;
}
