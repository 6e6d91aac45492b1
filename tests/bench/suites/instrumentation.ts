import { randomUUID } from "node:crypto";
import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace";
import { memory } from "@/server/cache/memory";
import type { ProcessTelemetry } from "@/server/telemetry/telemetry";
import { createTelemetry } from "@/server/telemetry/telemetry";
import type { Row } from "../report";
import { round, timings } from "../report";
import type { Subject } from "../subjects";
import { clarify } from "../subjects";
import type { SuiteOptions } from "../suite";

const SUITE = "instrumentation";

/**
 * The cost of metrics and traces for a warm build: the same builds without either, with metrics (as in every process),
 * and with every build traced as well (which an OTLP endpoint adds). `…_share` is what is added, as a share of the
 * build without: in time over Redis with its latency, as a person experiences it; and in CPU over the in-process store,
 * where almost nothing else takes time.
 */
export async function instrumentationSuite({ backend, latency, quick }: SuiteOptions): Promise<Row[]> {
  const { address } = backend;
  await backend.tell({ do: "latency", ...latency });
  const overRedis = variants((name, telemetry) => clarify(name, address, { telemetry }));
  const inProcess = variants((name, telemetry) => clarify(`${name}-memory`, address, { store: memory(), telemetry }));
  return [
    ...(await measure(overRedis, { rounds: quick ? 60 : 600, builds: 1, metric: "warm_build_ms", of: timeOf })),
    ...(await measure(inProcess, { rounds: quick ? 60 : 600, builds: 100, metric: "warm_cpu_ms", of: cpuOf })),
  ];
}

interface Variant {
  subject: Subject;
  /** Milliseconds per build, one figure per round. */
  taken: number[];
}

function variants(make: (name: string, telemetry: ProcessTelemetry | undefined) => Subject): Variant[] {
  const processor = new SimpleSpanProcessor({ exporter: nowhere() });
  const traced = createTelemetry({ metricReaders: [], spanProcessors: [processor] });
  traced.register();
  return [
    make("off", undefined),
    make("metrics", createTelemetry({ metricReaders: [], spanProcessors: [] })),
    make("metrics-and-traces", traced),
  ].map((subject) => ({ subject, taken: [] }));
}

/** Receives spans and forgets them. */
function nowhere(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  exporter.export = (_spans, done) => done({ code: 0 });
  return exporter;
}

interface Plan {
  rounds: number;
  builds: number;
  metric: "warm_build_ms" | "warm_cpu_ms";
  /** The duration of a task in milliseconds. */
  of: (run: () => Promise<void>) => Promise<number>;
}

/** They take turns in a changing order, so that neither a drift nor a neighbour affects one of them more often. */
async function measure(all: Variant[], { rounds, builds, metric, of }: Plan): Promise<Row[]> {
  const userId = randomUUID();
  for (const { subject } of all) await build(subject, userId, builds * 20);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < all.length; turn += 1) {
      const variant = all[(round + turn) % all.length];
      if (variant === undefined) continue;
      variant.taken.push((await of(() => build(variant.subject, userId, builds))) / builds);
      await variant.subject.settled();
    }
  }
  const [off] = all;
  return all.flatMap((variant) => {
    const { subject, taken } = variant;
    const row = { suite: SUITE, subject: subject.name, metric, ...timings(taken) };
    if (off === undefined || variant === off) return [row];
    const value = round(typical(taken) / typical(off.taken) - 1);
    return [row, { suite: SUITE, subject: subject.name, metric: `${metric}_share`, n: taken.length, value }];
  });
}

async function build(subject: Subject, userId: string, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await subject.build(userId);
}

async function timeOf(run: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

async function cpuOf(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The lower quartile: the duration without disturbances. */
function typical(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 4)] ?? Number.NaN;
}
