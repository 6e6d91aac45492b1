import { PEER_NAMES, TRANSPORTS } from "@/tests/bench/peers/names";
import type { Report, Row } from "@/tests/bench/report";
import { bar, rule, svg, text } from "./svg";

interface Column {
  metric: string;
  title: [string, string];
  /** The value is a share of all tries, and more than nothing is bad. */
  share?: boolean;
}

const COLUMNS: readonly Column[] = [
  { metric: "warm_build_ms", title: ["warm", "ms"] },
  { metric: "cold_build_ms", title: ["cold", "ms"] },
  { metric: "warm_cpu_ms", title: ["CPU, warm", "ms"] },
  { metric: "herd_loads_per_section", title: ["loads: 4 × 50", "ask at once"] },
  { metric: "stale_after_racing_write", title: ["stale: a load", "meets a write"], share: true },
  { metric: "stale_after_late_store", title: ["stale: a load", "is stored late"], share: true },
  { metric: "stale_elsewhere", title: ["stale: asked else-", "where, at once"], share: true },
  { metric: "outage_hanging_unanswered", title: ["no answer in 1 s:", "Redis hangs"], share: true },
];

const GROUPS = [
  { transport: "upstash", title: "Over Upstash's REST API" },
  { transport: "tcp", title: "Over TCP" },
  { transport: "none", title: "Without a cache" },
] as const;

const [LEFT, TOP, ROW, NAME, COLUMN] = [16, 92, 22, 168, 104];
const BAR = 46;

/** Every peer in every column, from the rows that `npm run bench -- --suite peers` writes. */
export function renderPeers({ databaseMs, redisMs, rows }: Report): string {
  const figure = (subject: string, metric: string) =>
    rows.find((row) => row.suite === "peers" && row.subject === subject && row.metric === metric);
  const parts = [
    text(LEFT, 28, "The same five sections, with the same rows, loaders and assembly", { style: "ink title" }),
    text(LEFT, 46, `Medians; the database answers in ${databaseMs} ms, Redis in ${redisMs} ms. Shorter is better.`, {
      style: "soft",
    }),
  ];
  for (const [index, { title }] of COLUMNS.entries()) {
    for (const [at, words] of title.entries()) {
      parts.push(text(columnAt(index), TOP - 22 + at * 13, words, { style: "soft small" }));
    }
  }
  let y = TOP + 8;
  for (const { transport, title } of GROUPS) {
    // Only those that were measured.
    const names = PEER_NAMES.filter(
      (name) => TRANSPORTS[name] === transport && rows.some(({ subject }) => subject === name),
    );
    parts.push(
      rule(LEFT, y - 6, columnAt(COLUMNS.length), y - 6),
      text(LEFT, y + 12, title, { style: "soft strong small" }),
    );
    y += ROW;
    for (const name of names) {
      const ours = name.startsWith("clarify");
      parts.push(text(LEFT, y + 12, name, { style: ours ? "ink strong" : "ink" }));
      for (const [index, column] of COLUMNS.entries()) {
        const row = figure(name, column.metric);
        if (row === undefined) continue;
        const caches = PEER_NAMES.filter((peer) => TRANSPORTS[peer] !== "none");
        const values = caches.map((peer) => middleOf(figure(peer, column.metric)));
        const most = column.share ? 1 : Math.max(...values, Number.MIN_VALUE);
        const value = middleOf(row);
        // Without a cache a bar may be far longer than all others. Its end is then the end of the column.
        const width = Math.min(value / most, 1) * BAR;
        const style = column.share && value > 0 ? "bad" : ours ? "ours" : "other";
        parts.push(bar(columnAt(index), y + 2, Math.max(width, 1), style));
        parts.push(text(columnAt(index) + width + 5, y + 12, shown(row, column), { style: "ink small" }));
      }
      y += ROW;
    }
    y += 10;
  }
  const title = "Clarify's cache and its peers: time, processor time, loads, stale reads and missing answers";
  return svg({ width: columnAt(COLUMNS.length) + 16, height: y + 8, title, parts });
}

function columnAt(index: number): number {
  return LEFT + NAME + index * COLUMN;
}

/** The median, or the single figure. */
function middleOf(row: Row | undefined): number {
  if (row === undefined) return 0;
  return "value" in row ? row.value : row.p50;
}

function shown(row: Row, { share }: Column): string {
  const value = middleOf(row);
  if (share) return `${Math.round(value * row.n)} of ${row.n}`;
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2);
}
