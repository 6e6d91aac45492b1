import { z } from "zod";
import type { ScriptRunner } from "@/server/cache";
import { defineScript, stableHash } from "@/server/cache";
import { METRICS } from "@/server/metrics";
import type { Figures } from "./figures";
import { KEEP_MS, LATE_MS } from "./slots";
import type { InsightsStore, SlotEntry } from "./store";

/** A slot is one hash, with a field for each process. ARGV: process, milliseconds to keep, then each key's figures. */
const WRITE = defineScript(`
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, ARGV[1], ARGV[i + 2])
  redis.call('PEXPIRE', key, ARGV[2])
end
return 1`);

const READ = defineScript(`
local found = {}
for i, key in ipairs(KEYS) do found[i] = redis.call('HVALS', key) end
return found`);

/** The most slots that one command reads. */
const SLOTS_PER_COMMAND = 720;
const KEEP_IN_REDIS_MS = KEEP_MS + LATE_MS;

/** Part of every key, because the figures of a release with other buckets cannot be added to ours. */
const VERSION = stableHash(
  Object.entries(METRICS).flatMap(([name, metric]) => ("buckets" in metric ? [[name, metric.buckets]] : [])),
).slice(0, 8);

const counts = z.record(z.string(), z.number());
const figuresSchema = z.object({
  counters: counts,
  distributions: z.record(z.string(), z.object({ count: z.number(), sum: z.number(), buckets: counts })),
  breaker: z.number(),
  waiting: z.number(),
  // An earlier release may still write figures without it.
  people: z.array(z.number()).default([]),
});
const writtenSchema = z.literal(1);
const replySchema = z.array(z.array(z.string()));

export interface RedisInsightsOptions {
  scripts: Pick<ScriptRunner, "run">;
  /** The prefix of every key. Default `insights:`. */
  prefix?: string;
}

/** Keeps the figures of all processes in Redis. Each write of a process is one command. */
export class RedisInsightsStore implements InsightsStore {
  readonly kind = "redis";
  readonly #scripts: RedisInsightsOptions["scripts"];
  readonly #prefix: string;

  constructor({ scripts, prefix = "insights:" }: RedisInsightsOptions) {
    this.#scripts = scripts;
    this.#prefix = prefix;
  }

  async write(process: string, entries: readonly SlotEntry[]): Promise<void> {
    const keys = entries.map(({ slot }) => this.#key(slot));
    const values = entries.map(({ figures }) => JSON.stringify(figures));
    // Any other reply does not come from the script, so the outcome is unknown.
    writtenSchema.parse(await this.#scripts.run({ script: WRITE, keys, args: [process, KEEP_IN_REDIS_MS, ...values] }));
  }

  async read(slots: readonly number[]): Promise<Figures[][]> {
    const found: Figures[][] = [];
    for (let start = 0; start < slots.length; start += SLOTS_PER_COMMAND) {
      const keys = slots.slice(start, start + SLOTS_PER_COMMAND).map((slot) => this.#key(slot));
      const reply = replySchema.parse(await this.#scripts.run({ script: READ, keys, args: [] }));
      found.push(...reply.map((ofSlot) => ofSlot.flatMap(decode)));
    }
    return found;
  }

  /** All keys are in one slot of a cluster, because a script takes several of them. */
  #key(slot: number): string {
    return `${this.#prefix}{${VERSION}}:${slot}`;
  }
}

/** Ignores fields that are not figures. */
function decode(text: string): Figures[] {
  try {
    return [figuresSchema.parse(JSON.parse(text))];
  } catch {
    return [];
  }
}
