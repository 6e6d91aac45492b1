import { randomUUID } from "node:crypto";
import { createCache, HIT_OUTCOMES } from "@/server/cache";
import { upstash } from "@/server/cache/upstash";
import type { CpuRun } from "../measure";
import { cpuPerBuild, databaseAsked, NO_LATENCY, repeat, timed } from "../measure";
import type { Row } from "../report";
import { round, timings } from "../report";
import type { Subject } from "../subjects";
import {
  cacheAside,
  clarify,
  clarifyMemory,
  clarifyRead,
  clarifyTcp,
  coldFloor,
  fillFloor,
  floor,
  promiseAll,
  sequential,
} from "../subjects";
import type { SuiteOptions } from "../suite";

const SUITE = "cache";

/** Warm and cold builds, their requests and CPU, and whether a write outdates a load that is running. */
export async function cacheSuite(options: SuiteOptions): Promise<Row[]> {
  const { backend, latency, quick } = options;
  const { address } = backend;
  const userId = randomUUID();
  const cached = [
    clarify("clarify", address),
    clarifyTcp(address),
    clarifyRead(address),
    floor(address),
    cacheAside(address),
  ];
  const uncached = [sequential(address), promiseAll(address)];

  await backend.tell(NO_LATENCY);
  await fillFloor(address, userId);
  for (const subject of [...cached, ...uncached]) await repeat(subject, userId, quick ? 5 : 300);

  await backend.tell({ do: "latency", ...latency });
  return [
    ...(await warmTimes([...cached, ...uncached], userId, quick ? 10 : 300)),
    ...(await coldTimes(options)),
    ...(await afterLateReply(options)),
    ...(await requestsPerBuild(options, userId)),
    ...(await warmCpu(options, userId)),
    ...(await coldCpu(options)),
    ...(await memoryTimes(options, userId)),
    ...(await staleAfterWrite(options)),
    ...(await rollingDeploy(options)),
  ];
}

/** The subjects take turns, so that a drift of the machine's speed affects all of them. */
async function warmTimes(subjects: Subject[], userId: string, rounds: number): Promise<Row[]> {
  const durations = new Map(subjects.map((subject) => [subject, [] as number[]]));
  for (let n = 0; n < rounds; n += 1) {
    for (const [subject, taken] of durations) taken.push(await timed(() => subject.build(userId)));
  }
  return [...durations].map(([{ name }, taken]) => row(name, "warm_build_ms", timings(taken)));
}

async function coldTimes({ backend, quick }: SuiteOptions): Promise<Row[]> {
  const { address } = backend;
  const subjects = [clarify("clarify", address), clarifyTcp(address), cacheAside(address), promiseAll(address)];
  const durations = new Map(subjects.map((subject) => [subject, [] as number[]]));
  for (let n = 0; n < (quick ? 5 : 100); n += 1) {
    for (const [subject, taken] of durations) {
      taken.push(await timed(() => subject.build(randomUUID())));
      await subject.settled();
    }
  }
  return [...durations].map(([{ name }, taken]) => row(name, "cold_build_ms", timings(taken)));
}

/** The build after one whose read was answered ten milliseconds after it had been given up. */
async function afterLateReply({ backend, quick }: SuiteOptions): Promise<Row[]> {
  const subjects = [clarify("clarify", backend.address), clarifyTcp(backend.address)];
  const durations = new Map(subjects.map((subject) => [subject, [] as number[]]));
  for (let n = 0; n < (quick ? 5 : 50); n += 1) {
    for (const [subject, taken] of durations) {
      const userId = randomUUID();
      await backend.tell({ do: "fault", fault: { kind: "delay", ms: 60 } });
      await subject.build(userId);
      await backend.tell({ do: "recover" });
      taken.push(await timed(() => subject.build(userId)));
      await subject.settled();
    }
  }
  return [...durations].map(([{ name }, taken]) => row(name, "after_late_reply_ms", timings(taken)));
}

async function requestsPerBuild({ backend }: SuiteOptions, userId: string): Promise<Row[]> {
  const { address } = backend;
  const rows: Row[] = [];
  for (const subject of [clarify("clarify", address), clarifyTcp(address), floor(address), cacheAside(address)]) {
    await repeat(subject, userId, 1);
    await backend.tell({ do: "reset" });
    await repeat(subject, userId, 10);
    const { redisRequests, redisCommands } = await backend.counters();
    rows.push(row(subject.name, "warm_redis_requests", { n: 10, value: redisRequests / 10 }));
    rows.push(row(subject.name, "warm_redis_commands", { n: 10, value: redisCommands / 10 }));
  }
  for (const subject of [clarify("clarify", address), clarifyTcp(address), cacheAside(address), promiseAll(address)]) {
    await backend.tell({ do: "reset" });
    await repeat(subject, randomUUID(), 1);
    await subject.settled();
    const { databaseRequests, redisRequests, redisCommands } = await backend.counters();
    const requests = Object.values(databaseRequests).reduce((sum, count) => sum + count, 0);
    rows.push(row(subject.name, "cold_database_requests", { n: 1, value: requests }));
    if (redisRequests === 0) continue;
    rows.push(row(subject.name, "cold_redis_requests", { n: 1, value: redisRequests }));
    rows.push(row(subject.name, "cold_redis_commands", { n: 1, value: redisCommands }));
  }
  return rows;
}

async function warmCpu(options: SuiteOptions, userId: string): Promise<Row[]> {
  const { backend, quick } = options;
  const { address } = backend;
  const subjects = [
    clarify("clarify", address),
    clarifyTcp(address),
    clarifyRead(address),
    floor(address),
    cacheAside(address),
  ];
  for (const subject of subjects) await repeat(subject, userId, quick ? 300 : 2_000);
  const [blocks, builds] = quick ? [5, 50] : [15, 200];
  return cpuRows(options, "warm_cpu_ms", { subjects, blocks, builds, nextUser: () => userId });
}

/** Each build is for a person without cached entries; storing them is included. */
async function coldCpu(options: SuiteOptions): Promise<Row[]> {
  const { backend, quick } = options;
  const { address } = backend;
  const subjects = [
    clarify("clarify", address),
    clarifyTcp(address),
    coldFloor(address),
    cacheAside(address),
    promiseAll(address),
  ];
  const [blocks, builds] = quick ? [5, 20] : [15, 100];
  return cpuRows(options, "cold_cpu_ms", { subjects, blocks, builds, nextUser: randomUUID });
}

/** The processor time of a build, without latency. */
async function cpuRows({ backend, latency }: SuiteOptions, metric: string, run: CpuRun): Promise<Row[]> {
  await backend.tell(NO_LATENCY);
  const spent = await cpuPerBuild(run);
  await backend.tell({ do: "latency", ...latency });
  return spent.map(({ name, figures }) => row(name, metric, figures));
}

/** The in-process store, with tRPC and assembly. */
async function memoryTimes({ backend, quick }: SuiteOptions, userId: string): Promise<Row[]> {
  const subject = clarifyMemory(backend.address);
  await repeat(subject, userId, quick ? 50 : 5_000);
  const taken: number[] = [];
  for (let n = 0; n < (quick ? 100 : 10_000); n += 1) taken.push(await timed(() => subject.build(userId)));
  return [row(subject.name, "warm_build_ms", timings(taken))];
}

/**
 * A load is running and has read its rows; the rows change, and the entries are invalidated. Does a read that starts
 * afterwards return the earlier rows? Asked in the same process, in another one, and in a reader that finds the old
 * load still running.
 */
async function staleAfterWrite({ backend, quick }: SuiteOptions): Promise<Row[]> {
  const rounds = quick ? 3 : 20;
  const makers = [clarify, (_name: string, at: typeof backend.address) => cacheAside(at)];
  const rows: Row[] = [];
  let version = 1;
  for (const make of makers) {
    const [here, there] = [make("clarify", backend.address), make("clarify", backend.address)];
    let stale = 0;
    let asked = 0;
    for (const reader of [here, there, "joining" as const]) {
      for (let n = 0; n < rounds; n += 1) {
        const userId = randomUUID();
        const loading = here.build(userId);
        await databaseAsked(backend);
        version += 1;
        await backend.tell({ do: "version", version });
        await here.invalidate(userId);
        if (reader !== "joining") await Promise.all([loading, here.settled()]);
        const text = await (reader === "joining" ? here : reader).build(userId);
        asked += 1;
        if (!text.includes(`version ${version}`)) stale += 1;
        await Promise.all([loading, here.settled(), there.settled()]);
      }
    }
    rows.push(row(here.name, "stale_after_write", { n: asked, value: round(stale / asked) }));
  }
  return rows;
}

/**
 * A release whose entries have a new version replaces the one before, request by request, while both run: how many
 * reads of people who were there before are hits? The first read of each person by the new release is a miss.
 */
async function rollingDeploy({ backend, quick }: SuiteOptions): Promise<Row[]> {
  await backend.tell(NO_LATENCY);
  const { redisUrl: url, redisToken: token } = backend.address;
  const people = Array.from({ length: 20 }, () => randomUUID());
  const releases = [1, 2].map((version) => ({
    cache: createCache({ store: upstash({ url, token }) }),
    policy: { ttlMs: 300_000, version },
  }));
  const reads = quick ? 1_000 : 4_000;
  let hits = 0;
  for (let n = -people.length; n < reads; n += 1) {
    const person = people[Math.abs(n) % people.length];
    // Of each hundred requests, the share of the new release grows as the deploy progresses.
    const release = releases[(n * 37) % 100 < (100 * n) / reads && n > 0 ? 1 : 0];
    if (!release) throw new Error("There are two releases");
    const { outcome } = await release.cache.getOrSet(`deploy:{${person}}`, async () => n, release.policy);
    if (n >= 0 && HIT_OUTCOMES.some((hit) => hit === outcome)) hits += 1;
  }
  await Promise.all(releases.map(({ cache }) => cache.close()));
  return [row("clarify", "hit_rate", { n: reads, value: round(hits / reads) })];
}

type Figures = { n: number } & ({ p50: number; p95: number; max: number } | { value: number });

function row(subject: string, metric: string, figures: Figures): Row {
  return { suite: SUITE, subject, metric, ...figures };
}
