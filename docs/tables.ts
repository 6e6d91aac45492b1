import type { Report } from "@/tests/bench/report";

type Reader = (suite: string, subject: string, metric: string) => number;

/** Reads figures: the median of timings, or the single value. @throws {Error} for one that was not measured. */
function readerOf({ rows }: Report): Reader {
  return (suite, subject, metric) => {
    const row = rows.find((each) => each.suite === suite && each.subject === subject && each.metric === metric);
    if (row === undefined) throw new Error(`Not measured: ${suite}, ${subject}, ${metric}`);
    return "value" in row ? row.value : row.p50;
  };
}

/** Two digits, or a whole number from ten on. */
function short(value: number): string {
  return value >= 10 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(2)));
}

const ms = (value: number) => `${short(value)} ms`;
const percent = (share: number) => `${Math.round(share * 100)} %`;
const dollars = (value: number) => `$${value.toFixed(2)}`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** The README's tables, by their names. */
export function renderTables(figures: Report): Record<string, string> {
  return {
    costs: renderCosts(figures),
    fleet: renderFleet(figures),
    pages: renderPages(figures),
    room: renderRoom(figures),
  };
}

/** The README's table of what contexts and messages cost, from the suites cache, herd, outage, message and load. */
function renderCosts(report: Report): string {
  const of = readerOf(report);
  const aside = "cache-aside";
  const added = of("outage", "clarify", "outage_hanging_open_ms") - of("outage", "promise-all", "outage_hanging_ms");
  return table(
    ["", "Clarify", "the obvious way", "for scale"],
    [
      [
        "a warm context",
        ms(of("cache", "clarify", "warm_build_ms")),
        ms(of("cache", aside, "warm_build_ms")),
        `one bare MGET ${ms(of("cache", "floor", "warm_build_ms"))}; five queries in a row ${ms(of("cache", "sequential", "warm_build_ms"))}`,
      ],
      [
        "CPU of a warm context",
        ms(of("cache", "clarify", "warm_cpu_ms")),
        ms(of("cache", aside, "warm_cpu_ms")),
        `one bare MGET ${ms(of("cache", "floor", "warm_cpu_ms"))}`,
      ],
      ["a warm context, in process", ms(of("cache", "clarify-memory", "warm_build_ms")), "", ""],
      [
        "a cold context",
        ms(of("cache", "clarify", "cold_build_ms")),
        ms(of("cache", aside, "cold_build_ms")),
        `five queries at once ${ms(of("cache", "promise-all", "cold_build_ms"))}`,
      ],
      [
        "stale after a write that met a load in flight",
        percent(of("cache", "clarify", "stale_after_write")),
        percent(of("cache", aside, "stale_after_write")),
        "",
      ],
      [
        "loads of a section when four processes ask 50 times each, at once",
        short(of("herd", "clarify", "herd_loads_per_section")),
        short(of("herd", aside, "herd_loads_per_section")),
        "",
      ],
      [
        "contexts a second, 16 at once, 200 people",
        short(of("load", "clarify", "throughput_per_s")),
        short(of("load", aside, "throughput_per_s")),
        `without a cache ${short(of("load", "promise-all", "throughput_per_s"))}`,
      ],
      ["added while Redis hangs, once that is noticed", ms(Math.max(0, added)), "", ""],
      [
        "from a message's arrival to the model's call",
        ms(of("message", "clarify", "pre_model_ms")),
        ms(of("message", "serial", "pre_model_ms")),
        `without anything in the cache ${ms(of("message", "clarify-cold", "pre_model_ms"))}`,
      ],
    ],
  );
}

/** The README's table of two processes under load, from the suite fleet. */
function renderFleet(report: Report): string {
  const of = readerOf(report);
  const fleet = (metric: string) => of("fleet", "clarify", metric);
  const spread = (name: string) => {
    const timed = report.rows.find(({ suite, metric }) => suite === "fleet" && metric === `${name}_ms`);
    if (timed === undefined || "value" in timed) throw new Error(`Not measured: fleet, ${name}_ms`);
    return [timed.p50, timed.p95, fleet(`${name}_p99_ms`)].map(short).join(" / ").concat(" ms");
  };
  return table(
    ["", ""],
    [
      ["calls a second, of these messages", `${short(fleet("calls_per_s"))}, ${short(fleet("messages_per_s"))}`],
      ["failed calls", short(fleet("error_rate") * 100).concat(" %")],
      ["messages that found their context warm", `${(fleet("warm_messages") * 100).toFixed(1)} %`],
      [
        "sections that were in the cache, those that are loaded behind a reply because it outdated them included",
        `${(fleet("hit_rate") * 100).toFixed(1)} %`,
      ],
      ["a context: median / P95 / P99", spread("context_build")],
      ["from a message's arrival to the model's call", spread("pre_model")],
      ["from a message's arrival to the first word of a model that answers at once", spread("first_token")],
      ["delay of the event loop, P99", ms(fleet("loop_delay_p99_ms"))],
      ["memory of both processes", `${short(fleet("rss_mb"))} MB`],
      ["its change within the last three minutes", `${(fleet("rss_drift") * 100).toFixed(1)} %`],
    ],
  );
}

/** The README's table of first visits over a slow network, from the suite page. */
function renderPages(report: Report): string {
  const of = readerOf(report);
  const seconds = (value: number) => `${(value / 1_000).toFixed(2)} s`;
  const both = (metric: string, words: (value: number) => string) =>
    ["conversation", "insights"].map((page) => words(of("page", page, metric)));
  return table(
    ["", "a conversation of 500 messages", "`/insights`"],
    [
      ["shown after", ...both("shown_slow_4g_ms", seconds)],
      ["takes a message after", seconds(of("page", "conversation", "message_taken_slow_4g_ms")), ""],
      ["reacts after", ...both("ready_slow_4g_ms", seconds)],
      ["blocked for, until all is drawn", ...both("blocking_slow_4g_ms", ms)],
      ["script that its HTML names, as transferred", ...both("first_load_js_kb", (kb) => `${short(kb)} kB`)],
      [
        "script once it is idle, with what is loaded beside or after that",
        ...both("idle_js_kb", (kb) => `${short(kb)} kB`),
      ],
    ],
  );
}

/** The README's table of budgets, from the suite budget. */
function renderRoom(report: Report): string {
  const of = readerOf(report);
  const budgets = [...new Set(report.rows.filter(({ suite }) => suite === "budget").map(({ subject }) => subject))];
  return table(
    [
      "`CONTEXT_TOKENS`",
      "tokens used",
      "share of the text",
      "1,000 messages, cached",
      "1,000 messages, written",
      "CPU of putting it together",
    ],
    budgets.map((budget) => [
      Number(budget).toLocaleString("en"),
      of("budget", budget, "context_tokens").toLocaleString("en"),
      percent(of("budget", budget, "text_share")),
      dollars(of("budget", budget, "usd_per_1000_messages_cached")),
      dollars(of("budget", budget, "usd_per_1000_messages_written")),
      ms(of("budget", budget, "assemble_cpu_ms")),
    ]),
  );
}

/**
 * The text with the tables between their markers, `<!-- NAME -->` and `<!-- end of NAME -->`.
 * @throws {Error} for a table without its markers
 */
export function withTables(text: string, tables: Record<string, string>): string {
  let written = text;
  for (const [name, content] of Object.entries(tables)) {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const [from, to] = [written.indexOf(begin), written.indexOf(end)];
    if (from === -1 || to < from) throw new Error(`There is no place for the table "${name}"`);
    written = `${written.slice(0, from + begin.length)}\n\n${content}\n\n${written.slice(to)}`;
  }
  return written;
}
