import type { Random } from "../bench/people/behaviour";
import { randomFrom } from "../bench/people/behaviour";
import type { Fault as HttpFault } from "../support/database/fault-proxy";
import type { Fault as RedisFault } from "../support/redis/fault";

type HttpTarget = "data" | "auth" | "model";

/** One fault of the run: where, when, and for how long, in milliseconds from its beginning. */
export type PlannedFault = { at: number; forMs: number } & (
  | { target: HttpTarget; fault: HttpFault; where: RegExp }
  | { target: "redis"; fault: RedisFault }
  /** At once: Redis forgets everything. */
  | { target: "memory of redis"; fault: { kind: "flush" } }
);

export interface Schedule {
  seed: number;
  people: number;
  /** How long faults happen, in milliseconds. */
  faultsMs: number;
  faults: readonly PlannedFault[];
}

const TARGETS = ["data", "auth", "model", "redis", "memory of redis"] as const;
const SHORT = { people: 20, faultsMs: 45_000 };
const LONG = { people: 50, faultsMs: 600_000 };

/** The whole run from its seed: the faults, and by `randomOf` what each person does. */
export function plan(seed: number, { long }: { long: boolean }): Schedule {
  const { people, faultsMs } = long ? LONG : SHORT;
  const faults = TARGETS.flatMap((target, index) => {
    const random = randomFrom(seed + 1_000_003 * (index + 1));
    const planned: PlannedFault[] = [];
    for (let at = pause(target, random) / 2; ; ) {
      const forMs = target === "memory of redis" ? 0 : between(300, 4_000, random);
      if (at + forMs > faultsMs) return planned;
      planned.push({ at, forMs, ...faultAt(target, random) });
      at += forMs + pause(target, random);
    }
  });
  return { seed, people, faultsMs, faults: faults.toSorted((one, other) => one.at - other.at) };
}

/** The choices of one person. */
export function randomOf(seed: number, person: number): Random {
  return randomFrom(seed * 31 + person * 7_919);
}

export function between(least: number, most: number, random: Random): number {
  return Math.round(least + (most - least) * random());
}

export function oneOf<const T>(choices: readonly [T, ...T[]], random: Random): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}

/** How long a target is left alone. What is older than a write is looked for while Redis is, so it is for longer. */
function pause(target: PlannedFault["target"], random: Random): number {
  switch (target) {
    case "redis":
      return between(9_000, 20_000, random);
    case "memory of redis":
      return between(4_000, 12_000, random);
    default:
      return between(500, 4_000, random);
  }
}

function faultAt(target: PlannedFault["target"], random: Random) {
  if (target === "redis") return { target, fault: redisFault(random) };
  if (target === "memory of redis") return { target, fault: { kind: "flush" as const } };
  return { target, fault: httpFault(random), where: target === "data" ? oneOf(CALLS, random) : /./ };
}

/** Which calls of the database a fault is for. */
const CALLS = [/./, /./, / \/rest\/v1\/rpc\//, /^GET /, /^(POST|PATCH|DELETE) /] as const;

function httpFault(random: Random): HttpFault {
  const faults: readonly [() => HttpFault, ...(() => HttpFault)[]] = [
    () => ({ kind: "delay", ms: between(100, 3_000, random) }),
    () => ({ kind: "hang" }),
    () => ({ kind: "refuse" }),
    () => ({ kind: "error", status: oneOf([500, 503], random) }),
    () => ({ kind: "error", status: 401, body: { code: "PGRST303", message: "JWT expired" } }),
    () => ({ kind: "html", status: oneOf([404, 429, 502, 504], random) }),
    () => ({ kind: "html", status: 200 }),
    () => ({ kind: "flap", everyMs: between(50, 500, random) }),
    () => ({ kind: "lost" }),
    () => ({ kind: "cut" }),
    () => ({ kind: "corrupt" }),
    () => ({ kind: "drip", bytes: between(20, 400, random), everyMs: between(5, 50, random) }),
  ];
  return oneOf(faults, random)();
}

function redisFault(random: Random): RedisFault {
  const faults: readonly [() => RedisFault, ...(() => RedisFault)[]] = [
    () => ({ kind: "delay", ms: between(20, 500, random) }),
    () => ({ kind: "refuse" }),
    () => ({ kind: "hang" }),
    () => ({ kind: "hang", applied: true }),
    () => ({ kind: "truncated", applied: true }),
    () => ({ kind: "nonsense", body: oneOf(["+OK\r\n", "$5\r\nab", "<html>\r\n", "*-1\r\n"], random) }),
  ];
  return oneOf(faults, random)();
}
