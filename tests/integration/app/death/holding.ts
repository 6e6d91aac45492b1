import { expect } from "vitest";
import type { SeenRequest } from "@/tests/support/database/fault-proxy";
import type { Flow } from "./calls";
import {
  DATABASE_CALLS,
  databaseCall,
  FLOWS,
  isFor,
  MODEL,
  REDIS_CALLS,
  RUN_CALLS,
  redisCall,
  SCHEDULE_CALL,
  SPOKEN,
} from "./calls";
import type { Victim } from "./processes";
import type { Scenario } from "./scenarios";
import { FREE_AGAIN_MS, SCENARIOS, scheduleGoesOn } from "./scenarios";
import type { World } from "./world";

/** When a call is held: before it is passed on, or after it is done and before it is answered. */
export const MOMENTS = ["before", "after"] as const;
export type Moment = (typeof MOMENTS)[number];

interface Step {
  flow: Flow;
  call: string;
}

/** A flow that waits at one of its calls. */
export interface HeldStep extends Step {
  /** What the victim was asked for. */
  asked: Promise<unknown>;
  /** Lets the model answer. */
  letModelAnswer(): void;
  goOn(): Promise<void>;
}

interface Holding {
  world: World;
  victim: Victim;
  moment: Moment;
  /** Whether who was waiting for the model waits until the claim of the dead process runs out by itself. Default: no. */
  waitsForClaims?: boolean;
}

const PATIENT = { timeout: 60_000 };
const AT_ONCE = 4;

const END_CLAIM = "update clarify_messages set answering_until = now() where user_id = $1 and answering_until > now()";

/** Calls that are made only when the model fails. */
const AFTER_FAILURES = ["POST abandon_consolidation", "POST fail_summary"];

/**
 * Brings the victim to wait for each call of each flow at the same time, for one person each. The calls to Redis are the
 * last, because what comes behind one of them on its connection waits as well.
 */
export async function holdEveryCall(holding: Holding): Promise<HeldStep[]> {
  const held = [await holdSchedule(holding)];
  for (const call of RUN_CALLS) held.push(await holdRun(holding, call));

  const atModel = SPOKEN.map((flow) => ({ flow, call: MODEL }));
  held.push(...(await eachOf([...databaseSteps(), ...atModel], (step) => holdStep(holding, step))));

  const atGates = await eachOf(redisSteps(), (step) => reachGate(holding, step));
  // A message that waits for its limit does not look for an unsaved reply.
  const [unsaved, others] = [atGates.filter(isUnsaved), atGates.filter((step) => !isUnsaved(step))];
  for (const steps of [unsaved, others]) {
    const reached = steps.map((step) => holdInRedis(holding, step));
    held.push(
      ...steps.map(({ flow, call, scenario, pass }) => heldStep(holding, { flow, call, scenario, asked: pass() })),
    );
    await Promise.all(reached);
  }
  return held;
}

const isUnsaved = ({ call }: Step) => call.startsWith("unsaved:");

/** Those of people. A message makes the calls of a build as well, and one that is summed up those of any message. */
function databaseSteps(): Step[] {
  const common: Partial<Record<Flow, readonly string[]>> = {
    message: DATABASE_CALLS.build,
    summary: DATABASE_CALLS.message,
    consolidation: [...RUN_CALLS, SCHEDULE_CALL],
  };
  return FLOWS.flatMap((flow) =>
    DATABASE_CALLS[flow].filter((call) => !common[flow]?.includes(call)).map((call) => ({ flow, call })),
  );
}

/** A message that is summed up makes the calls of any message. */
function redisSteps() {
  return FLOWS.filter((flow) => flow !== "summary").flatMap((flow) =>
    Object.entries(REDIS_CALLS[flow]).map(([call, gate]) => ({ flow, call, gate })),
  );
}

async function holdStep(holding: Holding, step: Step): Promise<HeldStep> {
  const scenario = await SCENARIOS[step.flow](holding.world);
  if (AFTER_FAILURES.includes(step.call)) holding.world.model.fails(scenario.marker);
  const { reached } = holdAt(holding, step, scenario);
  const held = heldStep(holding, { ...step, scenario, asked: scenario.act(holding.victim) });
  await reached();
  return held;
}

function heldStep(
  { world, waitsForClaims = false }: Holding,
  { flow, call, scenario, asked }: Step & { scenario: Scenario; asked: Promise<unknown> },
): HeldStep {
  asked.catch(() => undefined); // Its process may die.
  const letModelAnswer = () => world.model.release(scenario.marker);
  return {
    flow,
    call,
    asked,
    letModelAnswer,
    async goOn() {
      if (!(waitsForClaims && call === MODEL)) await world.sql(END_CLAIM, [scenario.person.id]);
      await scenario.goOn();
    },
  };
}

/** Holds a call of the person to the database or the model. */
function holdAt({ world, victim, moment }: Holding, { flow, call }: Step, { person, marker }: Scenario) {
  if (call === MODEL) {
    const purpose = flow === "message" || flow === "resume" ? "reply" : "background";
    world.model.hold(marker, { purpose, words: moment === "before" ? 0 : 1 });
    return {
      reached: () => until(() => world.model.isHeld(marker), `${flow} at ${call}`),
      release: () => world.model.release(marker),
    };
  }
  return holdInDatabase(
    { victim, moment },
    (seen) => databaseCall(seen) === call && (seen.caller === person.id || seen.body.includes(person.id)),
    `${flow} at ${call}`,
  );
}

function holdInDatabase(
  { victim, moment }: Pick<Holding, "victim" | "moment">,
  where: (seen: SeenRequest, heldBefore: number) => boolean,
  name: string,
) {
  const held = new Set<SeenRequest>();
  const release = victim.database.inject({ kind: "hold", applied: moment === "after" }, (seen) => {
    const isMeant = where(seen, held.size);
    if (isMeant) held.add(seen);
    return isMeant;
  });
  const isThere = () => [...held].some(({ answered }) => moment === "before" || answered);
  return { reached: () => until(isThere, name), release };
}

interface AtGate extends Step {
  scenario: Scenario;
  /** Lets the person come to the call. */
  pass(): Promise<unknown>;
}

/** Brings the person to where no other call to Redis is answered before the one that is meant. */
async function reachGate(
  holding: Holding,
  { flow, call, gate }: ReturnType<typeof redisSteps>[number],
): Promise<AtGate> {
  const scenario = await SCENARIOS[flow](holding.world);
  const act = () => scenario.act(holding.victim);
  if (gate === null) return { flow, call, scenario, pass: act };
  const at = "after" in gate ? gate.after : gate.during;
  const { reached, release } = holdAt({ ...holding, moment: "before" }, { flow, call: at }, scenario);
  const asked = act();
  asked.catch(() => undefined); // Its process may die.
  await reached();
  return {
    flow,
    call,
    scenario,
    pass() {
      if ("after" in gate) release();
      return asked;
    },
  };
}

function holdInRedis({ victim, moment }: Holding, { flow, call, scenario }: AtGate): Promise<void> {
  const isMeant = (command: Parameters<typeof redisCall>[0]) => {
    const seen = redisCall(command);
    return seen?.name === call && isFor(seen, scenario.person);
  };
  const held = victim.redis.hold(isMeant, { applied: moment === "after" });
  let isHeld = false;
  held.then(() => {
    isHeld = true;
  });
  return until(() => isHeld, `${flow} at ${call}`);
}

/** Holds the call with which the next date of the schedule is taken. */
async function holdSchedule({ world, victim, moment }: Holding): Promise<HeldStep> {
  const call = SCHEDULE_CALL;
  const where = (seen: SeenRequest) => databaseCall(seen) === call && seen.body.includes("consolidate-patterns");
  const { reached } = holdInDatabase({ victim, moment }, where, call);
  process.kill(victim.pid, "SIGHUP");
  await reached();
  const asked = Promise.resolve();
  return { flow: "consolidation", call, asked, letModelAnswer() {}, goOn: () => scheduleGoesOn(world) };
}

/** Holds a call of a run for everybody. Runs after it make the same call, and are not held. */
async function holdRun({ world, victim, moment }: Holding, call: string): Promise<HeldStep> {
  const where = (seen: SeenRequest, heldBefore: number) => databaseCall(seen) === call && heldBefore === 0;
  const { reached } = holdInDatabase({ victim, moment }, where, call);
  const asked = victim.consolidate();
  asked.catch(() => undefined); // Its process may die.
  await reached();
  return { flow: "consolidation", call, asked, letModelAnswer() {}, goOn: () => world.survivor.consolidate() };
}

async function until(condition: () => boolean, name: string): Promise<void> {
  await expect.poll(condition, { ...PATIENT, message: name }).toBe(true);
}

/** They all find everything at the other process as if they had not asked yet, or had. */
export async function expectAllToGoOn(steps: readonly HeldStep[]): Promise<void> {
  for (const { letModelAnswer } of steps) letModelAnswer();
  const failures = await eachOf(steps, ({ flow, call, goOn }) =>
    inTime(goOn()).then(
      () => [],
      (cause: unknown) => [new Error(`${flow} at ${call}`, { cause })],
    ),
  );
  expect(failures.flat()).toEqual([]);
}

/** Does the work for a few at a time, so that none of them waits for the machine until a deadline. */
async function eachOf<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = [...items];
  const inTurn = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.push(await work(next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
  return results;
}

/** @throws when it takes longer than anything that a dead process held may be held. */
async function inTime(work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not within ${FREE_AGAIN_MS} ms`)), FREE_AGAIN_MS);
  await Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
