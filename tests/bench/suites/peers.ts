import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../../support/redis/fault";
import type { Backend, BackendAddress } from "../backend-client";
import { cpuPerBuild, databaseAsked, NO_LATENCY, repeat, timed } from "../measure";
import { START } from "../peers";
import type { PeerName } from "../peers/names";
import { PEER_NAMES, TRANSPORTS } from "../peers/names";
import type { ReaderCall } from "../reader-worker";
import type { Row } from "../report";
import { round, timings } from "../report";
import type { Subject } from "../subjects";
import type { SuiteOptions } from "../suite";
import { messageOf, startWorker } from "../worker";
import { herdLoads } from "./herd";

/** The same job with every peer: the same sections, rows, loaders and assembly; the subjects take turns. */
export async function peersSuite({ backend, latency, quick }: SuiteOptions): Promise<Row[]> {
  const { here, elsewhere } = addresses(backend.address);
  const run: Run = { backend, latency, quick, here, elsewhere, names: namesFor(here) };
  const subjects = run.names.map((name) => START[name](here));
  await backend.tell(NO_LATENCY);
  const visitor = randomUUID();
  for (const subject of subjects) await repeat(subject, visitor, quick ? 10 : 500);

  const rows = (await buildTimes(run, subjects)).map((row) => ({ suite: "peers-without-latency", ...row }));
  const spent = await cpuTimes(run, subjects);
  await backend.tell({ do: "latency", ...latency });
  const built = await buildTimes(run, subjects);
  // Their feeds would be counted as requests of the next ones.
  await Promise.all(subjects.map((subject) => subject.close()));
  const figures = [
    ...built,
    ...spent,
    ...(await requests(run)),
    ...(await herd(run)),
    ...(await outages(run)),
    ...(await stale(run)),
    ...(await lags(run)),
  ];
  return [...rows, ...figures.map((row) => ({ suite: "peers", ...row }))];
}

interface Run extends Pick<SuiteOptions, "backend" | "latency" | "quick"> {
  here: BackendAddress;
  /** The address as another process has it. */
  elsewhere: BackendAddress;
  names: readonly PeerName[];
}

type Figure = { subject: string; metric: string; n: number } & (
  | { p50: number; p95: number; max: number }
  | { value: number }
);

/** Over TCP every peer goes through the proxy, because one of them needs Pub/Sub. */
function addresses(address: BackendAddress): { here: BackendAddress; elsewhere: BackendAddress } {
  const { redisProxyUrl, elsewhere } = address;
  return {
    here: { ...address, redisTcpUrl: redisProxyUrl ?? address.redisTcpUrl },
    elsewhere: {
      ...address,
      redisUrl: elsewhere.redisUrl,
      redisTcpUrl: elsewhere.redisProxyUrl ?? address.redisTcpUrl,
    },
  };
}

function namesFor({ redisProxyUrl }: BackendAddress): readonly PeerName[] {
  if (redisProxyUrl !== null) return PEER_NAMES;
  console.info("Without a redis-server there are no peers over TCP.");
  return PEER_NAMES.filter((name) => TRANSPORTS[name] !== "tcp");
}

const cachesOf = ({ names }: Run) => names.filter((name) => TRANSPORTS[name] !== "none");

/** Warm and cold builds. Every second round goes the other way round. */
async function buildTimes({ quick }: Run, subjects: readonly Subject[]): Promise<Figure[]> {
  const visitor = randomUUID();
  for (const subject of subjects) await repeat(subject, visitor, 2);
  const taken = subjects.map((subject) => ({ subject, warm: [] as number[], cold: [] as number[] }));
  for (let n = 0; n < (quick ? 5 : 200); n += 1) {
    for (const { subject, warm } of inTurn(taken, n)) warm.push(await timed(() => subject.build(visitor)));
  }
  for (let n = 0; n < (quick ? 3 : 60); n += 1) {
    for (const { subject, cold } of inTurn(taken, n)) {
      cold.push(await timed(() => subject.build(randomUUID())));
      await subject.settled();
    }
  }
  return taken.flatMap(({ subject: { name }, warm, cold }) => [
    { subject: name, metric: "warm_build_ms", ...timings(warm) },
    { subject: name, metric: "cold_build_ms", ...timings(cold) },
  ]);
}

async function cpuTimes({ quick }: Run, subjects: Subject[]): Promise<Figure[]> {
  const visitor = randomUUID();
  for (const subject of subjects) await repeat(subject, visitor, 2);
  const run = { subjects, blocks: quick ? 2 : 9, builds: quick ? 10 : 100 };
  const warm = await cpuPerBuild({ ...run, nextUser: () => visitor });
  const cold = await cpuPerBuild({ ...run, nextUser: randomUUID });
  return [
    ...warm.map(({ name, figures }) => ({ subject: name, metric: "warm_cpu_ms", ...figures })),
    ...cold.map(({ name, figures }) => ({ subject: name, metric: "cold_cpu_ms", ...figures })),
  ];
}

async function requests({ backend, here, names }: Run): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of names) {
    const subject = START[name](here);
    // Connects.
    await repeat(subject, randomUUID(), 2);
    const visitor = randomUUID();
    for (const state of ["cold", "warm"]) {
      // What is kept near is kept by the first read of what is stored.
      if (state === "warm") await repeat(subject, visitor, 1);
      await backend.tell({ do: "reset" });
      await repeat(subject, visitor, 1);
      const { databaseRequests, redisRequests, redisCommands } = await backend.counters();
      const loads = Object.values(databaseRequests).reduce((sum, count) => sum + count, 0);
      for (const [what, value] of Object.entries({
        database_requests: loads,
        redis_requests: redisRequests,
        redis_commands: redisCommands,
      })) {
        figures.push({ subject: name, metric: `${state}_${what}`, n: 1, value });
      }
    }
    await subject.close();
  }
  return figures;
}

async function herd(run: Run): Promise<Figure[]> {
  const loads = await herdLoads({ ...run, address: run.here, names: cachesOf(run) });
  return loads.map((figures) => ({ metric: "herd_loads_per_section", ...figures }));
}

const OUTAGES: { name: string; fault: Fault }[] = [
  { name: "refused", fault: { kind: "refuse" } },
  { name: "hanging", fault: { kind: "hang" } },
  { name: "slow", fault: { kind: "delay", ms: 500 } },
];

/**
 * Redis fails while the database works. A build of a person who is warm, and one of a person who is new in this process,
 * at the same time. Nobody waits longer than the deadline: the build counts as one without an answer.
 */
async function outages(run: Run): Promise<Figure[]> {
  const { backend, here, quick } = run;
  const deadlineMs = quick ? 200 : 1_000;
  const figures: Figure[] = [];
  for (const { name: outage, fault } of OUTAGES) {
    for (const name of cachesOf(run)) {
      const subject = START[name](here);
      const visitor = randomUUID();
      await repeat(subject, visitor, 2);
      await backend.tell({ do: "fault", fault });
      const [warm, cold]: [number[], number[]] = [[], []];
      let unanswered = 0;
      const ask = async (userId: string, taken: number[]) => {
        taken.push(
          await timed(async () => {
            const built = subject.build(userId).then(
              () => true,
              () => false,
            );
            const answered = await Promise.race([built, sleep(deadlineMs, false, { ref: false })]);
            if (!answered) unanswered += 1;
          }),
        );
      };
      for (let n = 0; n < (quick ? 2 : 10); n += 1) {
        await Promise.all([ask(visitor, warm), ask(randomUUID(), cold)]);
      }
      await backend.tell({ do: "recover" });
      await Promise.race([subject.close(), sleep(deadlineMs)]);
      figures.push(
        { subject: name, metric: `outage_${outage}_warm_ms`, ...timings(warm) },
        { subject: name, metric: `outage_${outage}_cold_ms`, ...timings(cold) },
        {
          subject: name,
          metric: `outage_${outage}_unanswered`,
          n: warm.length + cold.length,
          value: round(unanswered / (warm.length + cold.length)),
        },
      );
    }
  }
  return figures;
}

/** A write in this process, and a reader in this or in another one; each race in the same way for every peer. */
interface Race {
  backend: Backend;
  writer: Subject;
  other: Subject;
  /** Writes a new version of a person's rows, and outdates their context. */
  write(userId: string): Promise<void>;
}

/** Each resolves with those who read afterwards. */
const RACES: Record<string, (race: Race, userId: string) => Promise<Subject[]>> = {
  /** A load has read its rows when they change, and its answer is still on the way. */
  async stale_after_racing_write({ backend, writer, other, write }, userId) {
    const loading = writer.build(userId);
    await databaseAsked(backend);
    await write(userId);
    await loading;
    await writer.settled();
    return [writer, other];
  },
  /** The other process has loaded its rows before the write, but what it stores arrives after it. */
  async stale_after_late_store({ backend, writer, other, write }, userId) {
    const loading = other.build(userId);
    await databaseAsked(backend);
    await backend.tell({ do: "fault", fault: { kind: "delay", ms: LATE_MS }, elsewhere: true });
    await write(userId);
    await loading;
    await other.settled();
    await sleep(LATE_MS);
    await backend.tell({ do: "fault", fault: { kind: "none" }, elsewhere: true });
    return [writer, other];
  },
};

const LATE_MS = 150;

async function stale(run: Run): Promise<Figure[]> {
  const { backend, here, elsewhere, quick } = run;
  const rounds = quick ? 1 : 10;
  const figures: Figure[] = [];
  let version = 1;
  for (const name of cachesOf(run)) {
    const [writer, other] = [START[name](here), START[name](elsewhere)];
    await Promise.all([repeat(writer, randomUUID(), 1), repeat(other, randomUUID(), 1)]);
    const write = async (userId: string) => {
      version += 1;
      await writer.write(userId, () => backend.tell({ do: "version", version }));
    };
    for (const [metric, race] of Object.entries(RACES)) {
      let [asked, outdated] = [0, 0];
      for (let n = 0; n < rounds; n += 1) {
        const userId = randomUUID();
        for (const reader of await race({ backend, writer, other, write }, userId)) {
          asked += 1;
          if (!(await reader.build(userId)).includes(`version ${version}`)) outdated += 1;
        }
        await Promise.all([writer.settled(), other.settled()]);
      }
      figures.push({ subject: name, metric, n: asked, value: round(outdated / asked) });
    }
    await Promise.all([writer.close(), other.close()]);
  }
  return figures;
}

/**
 * After a write, asks another process, which was warm: how many of the first answers are the earlier rows, and how long
 * they go on, `MOST_LAG_MS` at most.
 */
async function lags(run: Run): Promise<Figure[]> {
  const { backend, here, elsewhere, quick } = run;
  const figures: Figure[] = [];
  let version = 1_000_000;
  for (const subject of cachesOf(run)) {
    const writer = START[subject](here);
    // A process of its own: in this one, readers from memory would leave no time to hear of the write.
    const reader = await startWorker("./reader-worker.ts");
    const ask = async (userId: string) => {
      const answer = messageOf(reader);
      reader.send({ address: elsewhere, subject, userId } satisfies ReaderCall);
      return String(await answer);
    };
    const lasted: number[] = [];
    let outdated = 0;
    for (let n = 0; n < (quick ? 1 : 100); n += 1) {
      const userId = randomUUID();
      for (let warm = 0; warm < 3; warm += 1) await ask(userId);
      version += 1;
      await writer.write(userId, () => backend.tell({ do: "version", version }));
      const writtenAt = performance.now();
      let lagMs = 0;
      while (lagMs < MOST_LAG_MS && !(await ask(userId)).includes(`version ${version}`)) {
        if (lagMs === 0) outdated += 1;
        lagMs = performance.now() - writtenAt;
      }
      lasted.push(lagMs);
    }
    figures.push(
      { subject, metric: "stale_elsewhere", n: lasted.length, value: round(outdated / lasted.length) },
      { subject, metric: "lag_elsewhere_ms", ...timings(lasted) },
    );
    reader.disconnect();
    await writer.close();
  }
  return figures;
}

const MOST_LAG_MS = 1_500;

/** In order in even rounds, the other way round in odd ones. */
function inTurn<T>(items: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? items : items.toReversed();
}
