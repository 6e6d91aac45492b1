import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CacheStore } from "@/server/cache";
import { MemoryStore } from "@/server/cache/memory";
import { ManualClock } from "@/server/cache/testing";
import { executorStore } from "@/tests/support/redis/executor-store";
import { standInRedis } from "@/tests/support/redis/stand-in-redis";
import { CollectingBackground } from "./collecting-background";
import type { Delivery } from "./simulated-fleet";
import { DEAD_LEASE_MS, SimulatedFleet, TAG } from "./simulated-fleet";

const KEYS = ["one", "two"];
/** Two processes of one release, and one of another. */
const PROCESSES = 3;
/** Long enough to end fences, leases and lifetimes, in any combination. */
const PAUSES = [200, 600, 1_500, 4_500, 8_500, 10_000, 15_000];

const inProcess = fc.nat(PROCESSES - 1);
const key = fc.constantFrom("one", "one", "one", "two");
const query = fc.record({
  fails: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  steps: fc.oneof(fc.constant(0), fc.nat(20)),
});
const step = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant("read" as const),
      process: inProcess,
      key,
      query,
      beats: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      bypass: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lose feed" as const), process: inProcess }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      process: inProcess,
      keys: fc.constantFrom<readonly string[]>(["one"], ["one"], ["two"], KEYS),
      waitForFence: fc.boolean(),
      byTag: fc.boolean(),
      commitsLate: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      hears: inProcess,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop stamp" as const), name: fc.constantFrom("one", TAG) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("die" as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("die loading" as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(...PAUSES) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("set clock" as const),
      process: inProcess,
      ms: fc.constantFrom(-3_600_000, 3_600_000),
    }),
  },
);
const steps = fc.array(step, { minLength: 3, maxLength: 40, size: "max" });
/** Most requests arrive. The others fail in every way that a network can, often several in a row. */
const bursts = fc.record({
  delivery: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Delivery>("ok") },
    { weight: 2, arbitrary: fc.constantFrom<Delivery>("dropped", "reply lost", "late") },
  ),
  times: fc.integer({ min: 1, max: 6 }),
});
const deliveries = fc
  .array(bursts, { minLength: 8, maxLength: 16 })
  .map((all) => all.flatMap(({ delivery, times }) => Array.from({ length: times }, () => delivery)));

/** The longest that a read waits for other loads, however many of them fail. */
const LONGEST_WAIT_MS = 2_000;

type Faults = "none" | "all but invalidations" | "all";

const RUNS = Number(process.env.CLARIFY_PROPERTY_RUNS ?? 1_000);
const REDIS_RUNS = Math.ceil(RUNS / 10);
/** Enough time to find the smallest counterexample. */
const TIMEOUT_MS = Math.max(120_000, RUNS * 250);

interface Run {
  store: CacheStore;
  clock: ManualClock;
  scheduler: fc.Scheduler;
  steps: typeof steps extends fc.Arbitrary<infer T> ? T : never;
  deliveries: Delivery[];
  faults: Faults;
  sabotaged: boolean;
  near: boolean;
  feedSteps: number;
}

async function simulate({
  store,
  clock,
  scheduler,
  steps,
  deliveries,
  faults,
  sabotaged,
  near,
  feedSteps,
}: Run): Promise<SimulatedFleet> {
  const deadLeases = steps.filter((step) => step.do === "die loading").length;
  let sent = 0;
  let calm = faults === "none";
  const fleet = new SimulatedFleet({
    scheduler,
    clock,
    store,
    processes: PROCESSES,
    sabotaged,
    near,
    feedSteps,
    longestWaitMs: faults === "none" ? deadLeases * DEAD_LEASE_MS : LONGEST_WAIT_MS,
    deliver(operation) {
      sent += 1;
      if (calm) return "ok";
      if (faults === "all but invalidations" && (operation === "release" || operation === "invalidate")) return "ok";
      return deliveries[sent % deliveries.length] ?? "ok";
    },
  });
  const reachable = () => faults !== "all";
  for (const step of steps) {
    if (step.do === "read" && near) fleet.visit(step.process, step.key, step);
    else if (step.do === "read") fleet.read(step.process, step.key, step.query);
    else if (step.do === "lose feed") fleet.loseFeed(step.process);
    else if (step.do === "write") fleet.write(step.byTag ? { ...step, keys: KEYS } : step, reachable);
    else if (step.do === "drop stamp") fleet.dropStamp(step.name);
    else if (step.do === "die") fleet.die(step.key);
    else if (step.do === "die loading") fleet.dieLoading(step.key);
    else if (step.do === "set clock") fleet.setClock(step.process, step.ms);
    else fleet.pass(step.ms);
  }
  await fleet.run();
  calm = true;
  await fleet.converge(KEYS);
  return fleet;
}

// A counterexample has to run the same way again.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0.5));
afterEach(() => void vi.restoreAllMocks());

/**
 * Nothing stale after a write, one lease at a time, no fill without it, nothing beyond its ttl, and no read waits for a
 * load that is not running; also when observer, background runner and clock are broken.
 */
async function promisesHold(
  { faults, runs, near = false }: { faults: Faults; runs: number; near?: boolean },
  start: (clock: ManualClock) => Promise<CacheStore>,
): Promise<void> {
  let nearReads = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      steps,
      deliveries,
      fc.record({ sabotaged: fc.boolean(), feedSteps: fc.oneof(fc.constant(0), fc.nat(60)) }),
      async (scheduler, steps, deliveries, conditions) => {
        const clock = new ManualClock();
        const store = await start(clock);
        const fleet = await simulate({ store, clock, scheduler, steps, deliveries, faults, near, ...conditions });
        nearReads += fleet.nearReads;
        expect(fleet.breaches.join("; ")).toBe("");
      },
    ),
    { numRuns: runs, includeErrorInReport: true },
  );
  expect(nearReads > 0).toBe(near);
}

describe.each<Faults>(["none", "all but invalidations", "all"])("the promises hold, with faults: %s", (faults) => {
  test("MemoryStore", { timeout: TIMEOUT_MS }, () =>
    promisesHold({ faults, runs: RUNS }, async (clock) => new MemoryStore({ clock })),
  );

  test("a shared store, of which each process keeps entries near", { timeout: TIMEOUT_MS }, () =>
    promisesHold({ faults, runs: RUNS, near: true }, async (clock) => new MemoryStore({ clock })),
  );

  test("ScriptStore, its scripts in a real Lua", { timeout: TIMEOUT_MS }, async () => {
    let now = () => 0;
    const executor = await standInRedis({ now: () => 1_800_000_000_000 + now() });
    await promisesHold({ faults, runs: REDIS_RUNS }, async (clock) => {
      now = () => clock.elapsed();
      await executor.call(["FLUSHDB"]);
      return executorStore(executor)({ background: new CollectingBackground(), observer: () => {}, clock });
    });
    await executor.close();
  });
});
