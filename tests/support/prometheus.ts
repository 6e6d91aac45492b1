export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** A parsed text, or the error of its first invalid line. */
export interface Scrape {
  samples: Sample[];
  types: Map<string, string>;
  /** The sum of all samples with this name and these labels. */
  total(name: string, labels?: Record<string, string>): number;
  /** The samples of a histogram's buckets: upper bound and cumulative count, over all series with these labels. */
  buckets(name: string, labels?: Record<string, string>): { le: number; count: number }[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = `([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\["\\\\n])*)"`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{((?:${LABEL})(?:,${LABEL})*)?\\})? (\\S+)(?: -?\\d+)?$`);
const TYPES = new Set(["counter", "gauge", "histogram", "summary", "untyped"]);

/**
 * Parses Prometheus's text format 0.0.4 strictly: every line must be valid, every sample must belong to a family that
 * was declared before it and be next to the others, and histograms must add up.
 * @throws {Error} with the line.
 */
export function parsePrometheus(text: string): Scrape {
  if (!text.endsWith("\n")) throw new Error("The text does not end with a line feed");
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  let family = "";
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    const comment = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/.exec(line);
    if (comment) {
      const [, kind, name = "", rest = ""] = comment;
      if (!new RegExp(`^${NAME}$`).test(name)) throw new Error(`Not a name: ${line}`);
      if (kind === "TYPE") {
        if (!TYPES.has(rest)) throw new Error(`Not a type: ${line}`);
        if (types.has(name)) throw new Error(`Declared twice: ${line}`);
        types.set(name, rest);
      }
      family = name;
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample) throw new Error(`Not a sample: ${line}`);
    const [, name = "", labelText = ""] = sample;
    const value = toNumber(sample.at(-1) ?? "");
    const type = types.get(family);
    const suffixes = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    if (!suffixes.some((suffix) => name === `${family}${suffix}`)) throw new Error(`Not of ${family}: ${line}`);
    const labels = Object.fromEntries(
      [...labelText.matchAll(new RegExp(LABEL, "g"))].map(([, key = "", raw = ""]) => [key, unescapeLabel(raw)]),
    );
    samples.push({ name, labels, value });
  }
  const scrape = { samples, types, total, buckets };
  for (const [name, type] of types) if (type === "histogram") assertAddsUp(scrape, name);
  return scrape;

  function total(name: string, labels: Record<string, string> = {}): number {
    return matching(name, labels).reduce((sum, { value }) => sum + value, 0);
  }

  function buckets(name: string, labels: Record<string, string> = {}): { le: number; count: number }[] {
    const counts = new Map<number, number>();
    for (const sample of matching(`${name}_bucket`, labels)) {
      const le = toNumber(sample.labels.le ?? "");
      counts.set(le, (counts.get(le) ?? 0) + sample.value);
    }
    return [...counts].map(([le, count]) => ({ le, count }));
  }

  function matching(name: string, labels: Record<string, string>): Sample[] {
    return samples.filter(
      (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    );
  }
}

function assertAddsUp(scrape: Scrape, name: string): void {
  const buckets = scrape.buckets(name);
  const rising = buckets.every(({ le, count }, index) => {
    const before = buckets[index - 1];
    return before === undefined || (le > before.le && count >= before.count);
  });
  const last = buckets.at(-1);
  if (!rising || last?.le !== Number.POSITIVE_INFINITY || last.count !== scrape.total(`${name}_count`)) {
    throw new Error(`The buckets of ${name} do not add up`);
  }
}

function toNumber(text: string): number {
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  if (text === "" || (Number.isNaN(value) && text !== "NaN")) throw new Error(`Not a number: ${text}`);
  return value;
}

function unescapeLabel(raw: string): string {
  return raw.replace(/\\(["\\n])/g, (_match, escaped: string) => (escaped === "n" ? "\n" : escaped));
}
