import type { Report } from "@/tests/bench/report";
import { bar, line, rule, svg, text } from "./svg";

const COLUMNS = [
  { metric: "redis_peak_mb", title: "Redis, at its fullest", shown: megabytes },
  { metric: "peak_commands_per_s", title: "commands a second, peak", shown: (value: number) => value.toPrecision(3) },
  { metric: "dollars_a_month", title: "on Upstash, a month", shown: (value: number) => `$${whole(value)}` },
] as const;

const LINES = [
  { metric: "message_hit_rate", title: "when a message is sent", style: "1" },
  { metric: "hit_rate", title: "all reads", style: "2" },
] as const;

const [LEFT, TOP, ROW, COLUMN, BAR] = [16, 92, 26, 190, 90];
const PLOT = { x: 60, width: 420, height: 150 };

/** Memory, load and price by the number of people, and hit rates by TTL, from the rows of the suite `people`. */
export function renderPeople({ rows }: Report): string {
  const subjects = [...new Set(rows.map(({ subject }) => subject))];
  const value = (subject: string, metric: string) => {
    const row = rows.find((each) => each.subject === subject && each.metric === metric);
    return row !== undefined && "value" in row ? row.value : 0;
  };
  const parts = [
    text(LEFT, 28, "A day of people who open, think, write, read and edit", { style: "ink title" }),
    text(LEFT, 46, "Simulated, with the TTLs and entry sizes of the app. The cache alone. The bars are logarithmic.", {
      style: "soft",
    }),
  ];
  for (const [index, { title }] of COLUMNS.entries()) {
    parts.push(text(LEFT + 130 + index * COLUMN, TOP - 14, title, { style: "soft small" }));
  }
  const sizes = subjects.filter((subject) => subject.endsWith(" people"));
  for (const [at, subject] of sizes.entries()) {
    const y = TOP + at * ROW;
    parts.push(text(LEFT, y + 12, `${whole(Number.parseInt(subject, 10))} people`));
    for (const [index, { metric, shown }] of COLUMNS.entries()) {
      const most = Math.max(...sizes.map((each) => Math.log10(1 + value(each, metric))));
      const width = (Math.log10(1 + value(subject, metric)) / most) * BAR;
      const x = LEFT + 130 + index * COLUMN;
      parts.push(bar(x, y + 2, Math.max(1, width), "ours"), text(x + width + 5, y + 12, shown(value(subject, metric))));
    }
  }
  const top = TOP + sizes.length * ROW + 50;
  const ttls = subjects.filter((subject) => subject.endsWith("TTL"));
  parts.push(text(LEFT, top - 18, "Sections found in the cache, by how long entries live", { style: "ink strong" }));
  for (const share of [0.7, 0.8, 0.9, 1]) {
    const y = heightOf(share, top);
    parts.push(rule(PLOT.x, y, PLOT.x + PLOT.width, y));
    parts.push(text(PLOT.x - 8, y + 4, `${share * 100} %`, { style: "soft small", anchor: "end" }));
  }
  const xOf = (index: number) => PLOT.x + 20 + (index / (ttls.length - 1)) * (PLOT.width - 40);
  for (const [index, subject] of ttls.entries()) {
    const words = subject === "1 × TTL" ? "as in the app" : subject.replace(" TTL", "").trim();
    parts.push(text(xOf(index), top + PLOT.height + 18, words, { style: "soft small", anchor: "middle" }));
  }
  for (const { metric, title, style } of LINES) {
    const points = ttls.map((subject, index) => [xOf(index), heightOf(value(subject, metric), top)] as const);
    const last = points.at(-1) ?? [0, 0];
    parts.push(
      line(points, `line-${style}`),
      text(PLOT.x + PLOT.width + 4, last[1] + 4, title, { style: `mark-${style}` }),
    );
  }
  const title = "Redis memory, commands a second and monthly price for up to a million people, and hit rates by TTL";
  return svg({ width: 740, height: top + PLOT.height + 34, title, parts });
}

/** From 70 % at the bottom to 100 % at the top. */
function heightOf(share: number, top: number): number {
  return top + PLOT.height - ((Math.max(share, 0.7) - 0.7) / 0.3) * PLOT.height;
}

function megabytes(value: number): string {
  return value >= 1_000 ? `${(value / 1_000).toPrecision(3)} GB` : `${value.toPrecision(3)} MB`;
}

function whole(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 0 });
}
