import { randomUUID } from "node:crypto";
import { HIT_OUTCOMES } from "@/server/cache";
import type { SectionReport } from "@/server/context/context";
import type { BackendAddress } from "../backend-client";
import type { Row } from "../report";
import { round, timings } from "../report";
import type { Subject } from "../subjects";
import { cacheAside, clarifyApp, promiseAll } from "../subjects";
import type { SuiteOptions } from "../suite";

const SUITE = "load";
const PEOPLE = 200;
const AT_ONCE = 16;
/** One in this many builds is followed by a write of the same person, which outdates their context. */
const WRITE_EVERY = 20;

/** One way to serve people, under load. */
interface Server {
  name: string;
  /** Builds a context; returns how many of its sections came from the cache, if known. */
  build(userId: string): Promise<{ found: number; sections: number } | null>;
  write(userId: string): Promise<void>;
  settled(): Promise<void>;
}

/**
 * Sixteen requests at a time, for people of whom a few come often and most seldom, with occasional writes: how many
 * contexts a second does one process build, how long does each take, and what share of it is in the cache?
 */
export async function loadSuite({ backend, latency, quick }: SuiteOptions): Promise<Row[]> {
  await backend.tell({ do: "latency", ...latency });
  const builds = quick ? 200 : 3_000;
  const { address } = backend;
  const servers = [clarifyServer(address), peerServer(cacheAside(address)), peerServer(promiseAll(address))];
  const rows: Row[] = [];
  for (const server of servers) {
    const people = Array.from({ length: PEOPLE }, () => randomUUID());
    const visits = visitsOf(people, builds);
    await work(server, people, () => undefined);

    const taken: number[] = [];
    const seen = { found: 0, sections: 0 };
    const begun = performance.now();
    await work(server, visits, (ms, result) => {
      taken.push(ms);
      seen.found += result?.found ?? 0;
      seen.sections += result?.sections ?? 0;
    });
    const seconds = (performance.now() - begun) / 1_000;
    rows.push(
      row(server.name, "throughput_per_s", { n: builds, value: round(builds / seconds) }),
      row(server.name, "build_ms", timings(taken)),
    );
    if (seen.sections > 0) {
      rows.push(row(server.name, "hit_rate", { n: seen.sections, value: round(seen.found / seen.sections) }));
    }
  }
  return rows;
}

/** Serves the visits in order, this many at a time. */
async function work(
  server: Server,
  visits: readonly string[],
  done: (ms: number, result: Awaited<ReturnType<Server["build"]>>) => void,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < visits.length; n = next++) {
      const userId = visits[n] ?? "";
      const begun = performance.now();
      const result = await server.build(userId);
      done(performance.now() - begun, result);
      if (n % WRITE_EVERY === WRITE_EVERY - 1) await server.write(userId);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await server.settled();
}

/** The order of visits: the person at place n comes 1/n as often as the first. The same in every run. */
function visitsOf(people: readonly string[], count: number): string[] {
  const shares = people.map((_, n) => 1 / (n + 1));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  let seed = 1;
  return Array.from({ length: count }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    let left = (seed / 2_147_483_647) * whole;
    const found = shares.findIndex((share) => {
      left -= share;
      return left <= 0;
    });
    return people.at(found) ?? "";
  });
}

function clarifyServer(address: BackendAddress): Server {
  const { callerOf, settled } = clarifyApp(address);
  return {
    name: "clarify",
    async build(userId) {
      const { sections } = await callerOf(userId).clarifyContext.get({ sessionId: null });
      return { found: sections.filter(cameFromCache).length, sections: sections.length };
    },
    write: async (userId) => void (await callerOf(userId).clarifyContext.invalidate({})),
    settled,
  };
}

function cameFromCache({ source }: SectionReport): boolean {
  return HIT_OUTCOMES.some((outcome) => outcome === source);
}

/** A peer does not report where its sections came from. */
function peerServer({ name, build, invalidate, settled }: Subject): Server {
  return {
    name,
    async build(userId) {
      await build(userId);
      return null;
    },
    write: invalidate,
    settled,
  };
}

type Figures = { n: number } & ({ p50: number; p95: number; max: number } | { value: number });

function row(subject: string, metric: string, figures: Figures): Row {
  return { suite: SUITE, subject, metric, ...figures };
}
