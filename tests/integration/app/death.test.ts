import { describe, expect, it } from "vitest";
import type { SeenRequest } from "@/tests/support/database/fault-proxy";
import type { Flow } from "./death/calls";
import {
  DATABASE_CALLS,
  databaseCall,
  FLOWS,
  isFor,
  REDIS_CALLS,
  RETENTION_CALLS,
  redisCall,
  SCHEDULE_CALL,
} from "./death/calls";
import { expectAllToGoOn, holdEveryCall, MOMENTS } from "./death/holding";
import { startVictim } from "./death/processes";
import { SCENARIOS } from "./death/scenarios";
import type { World } from "./death/world";
import { fileHasWorld } from "./death/world";

// A process that ends at any of its steps. A step is a call to the database, to the model or to Redis: between two of them
// a process does nothing that others can see. It ends while one call of each person is not passed on yet, or is done and
// not answered. Then they do the same again at another process.

const PATIENT = { timeout: 30_000 };

let world: World;
const possible = fileHasWorld("a process that dies", (opened) => {
  world = opened;
});

describe.skipIf(!possible)("a process that ends", () => {
  it("makes no call at which it does not end here", async () => {
    const victim = await startVictim(world);
    process.kill(victim.pid, "SIGHUP");
    await expect.poll(() => victim.database.requests.map(databaseCall), PATIENT).toContain(SCHEDULE_CALL);
    // The run that it begins is over, and has seen nobody.
    await expect.poll(() => victim.database.requests.map(databaseCall), PATIENT).toContain("POST end_job");
    const tried: { flow: Flow; people: string[]; redisCalls: string[] }[] = [];
    for (const flow of FLOWS) {
      const [one, unlucky] = [await SCENARIOS[flow](world), await SCENARIOS[flow](world)];
      const people = [one.person, unlucky.person];
      const redisCalls: string[] = [];
      victim.redis.onCommands = (commands) => {
        for (const call of commands.map(redisCall)) {
          if (call !== null && people.some((person) => isFor(call, person))) redisCalls.push(call.name);
        }
      };
      // What is said slowly is passed on while it is said.
      const isPassedOn = "reply:…" in REDIS_CALLS[flow];
      if (isPassedOn) world.model.hold(one.marker, { purpose: "reply", words: 1 });
      world.model.fails(unlucky.marker);
      const done = one.act(victim);
      if (isPassedOn) await expect.poll(() => redisCalls, PATIENT).toContain("reply:…");
      world.model.release(one.marker);
      await done;
      await unlucky.act(victim);
      tried.push({ flow, people: people.map(({ id }) => id), redisCalls });
    }
    const calls = () =>
      tried.map(({ flow, people, redisCalls }) => {
        const isMeant = ({ caller }: SeenRequest) =>
          caller === null ? flow === "consolidation" : people.includes(caller);
        const databaseCalls = victim.database.requests.filter(isMeant).map(databaseCall);
        const ofFlow = databaseCalls.filter((call) => !RETENTION_CALLS.has(call));
        return { flow, database: sorted(ofFlow), redis: sorted(redisCalls) };
      });
    const expected = FLOWS.map((flow) => ({
      flow,
      database: [...DATABASE_CALLS[flow]],
      redis: sorted(Object.keys(REDIS_CALLS[flow])),
    }));
    await expect.poll(calls, PATIENT).toEqual(expected);
    await victim.close();
  }, 120_000);
});

describe.skipIf(!possible)("a process that dies", () => {
  const DEATHS = [
    { by: "is killed", signal: "SIGKILL", end: "SIGKILL" },
    { by: "runs out of memory", signal: "SIGUSR2", end: "SIGABRT" },
  ] as const;

  it.each(DEATHS.flatMap((death) => MOMENTS.map((moment) => ({ ...death, moment }))))(
    "because it $by, $moment any call is answered, leaves everybody as if they had not asked yet, or had",
    async ({ moment, signal, end }) => {
      const victim = await startVictim(world);
      const held = await holdEveryCall({
        world,
        victim,
        moment,
        waitsForClaims: signal === "SIGKILL" && moment === "before",
      });
      process.kill(victim.pid, signal);
      expect(await victim.gone).toEqual([null, end]);
      await victim.close();
      await expectAllToGoOn(held);
    },
    300_000,
  );
});

const sorted = (calls: readonly string[]) => [...new Set(calls)].sort();
