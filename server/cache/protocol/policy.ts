/** How one kind of entry is kept. All durations in milliseconds. */
export interface CachePolicy {
  /** Nothing older than this is served, except as a marked fallback. */
  ttlMs: number;
  /** Schema version of the value, a natural number. Entries of other versions are kept beside it, for other releases. */
  version: number;
  /** The last part of the life in which a hit is refreshed in the background, 0 to 1. Default 0.2. */
  refreshAheadFraction?: number;
  /** How long an expired copy is kept for use when loading fails, in milliseconds. Default 1 hour; 0 keeps none. */
  failSafeMs?: number;
  /** How long a load may take before an expired copy is served, if there is one. Default: wait for the load. */
  loadSoftTimeoutMs?: number;
  /** How long a load may take before it is aborted. The lease lasts longer. Default 5 seconds. */
  loadHardTimeoutMs?: number;
}

/** Milliseconds, or a text as in `"250ms"`, `"30s"`, `"5m"`, `"1h"`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h"}`;

/** A policy in the form in which people write it: see `CachePolicy`. */
export interface PolicyDefinition extends Pick<CachePolicy, "version" | "refreshAheadFraction"> {
  ttl: Duration;
  failSafe?: Duration;
  loadSoftTimeout?: Duration;
  loadHardTimeout?: Duration;
}

export interface ResolvedPolicy {
  readonly ttlMs: number;
  readonly version: number;
  /** The age from which an entry is refreshed ahead of expiry. */
  readonly agingMs: number;
  /** How long the store keeps an entry: its fresh life and the fail-safe time together. */
  readonly keepMs: number;
  readonly softTimeoutMs: number | undefined;
  readonly hardTimeoutMs: number;
  /** Longer than any load, so that a lease never ends while its load may still succeed. */
  readonly leaseMs: number;
}

export type Freshness = "fresh" | "aging" | "expired";

const HOUR_MS = 3_600_000;
const LEASE_MARGIN_MS = 1_000;

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: HOUR_MS };

const resolved = new WeakMap<CachePolicy, ResolvedPolicy>();

/**
 * Makes a policy of readable durations.
 * @throws {TypeError} with a sentence that says what is wrong with it.
 */
export function definePolicy(definition: PolicyDefinition): CachePolicy {
  const { ttl, failSafe, loadSoftTimeout, loadHardTimeout, ...rest } = definition;
  const policy: CachePolicy = {
    ...rest,
    ttlMs: toMs(ttl),
    ...(failSafe !== undefined && { failSafeMs: toMs(failSafe) }),
    ...(loadSoftTimeout !== undefined && { loadSoftTimeoutMs: toMs(loadSoftTimeout) }),
    ...(loadHardTimeout !== undefined && { loadHardTimeoutMs: toMs(loadHardTimeout) }),
  };
  resolvePolicy(policy);
  return policy;
}

/**
 * Applies the defaults. The result is kept for each policy object, so a policy must not be changed after its first use.
 * @throws {TypeError} with a sentence that says what is wrong.
 */
export function resolvePolicy(policy: CachePolicy): ResolvedPolicy {
  const known = resolved.get(policy);
  if (known) return known;
  assertUsable(policy);
  const hardTimeoutMs = policy.loadHardTimeoutMs ?? 5_000;
  const result: ResolvedPolicy = {
    ttlMs: policy.ttlMs,
    version: policy.version,
    agingMs: Math.floor(policy.ttlMs * (1 - (policy.refreshAheadFraction ?? 0.2))),
    keepMs: Math.ceil(policy.ttlMs + (policy.failSafeMs ?? HOUR_MS)),
    softTimeoutMs: policy.loadSoftTimeoutMs,
    hardTimeoutMs,
    leaseMs: Math.ceil(hardTimeoutMs + LEASE_MARGIN_MS),
  };
  resolved.set(policy, result);
  return result;
}

function assertUsable({ version, ttlMs, refreshAheadFraction = 0, ...durations }: CachePolicy): void {
  if (!Number.isSafeInteger(version) || version < 0) {
    throw new TypeError(`A policy's version is a natural number, not ${version}`);
  }
  if (!(Number.isFinite(ttlMs) && ttlMs > 0)) {
    throw new TypeError(`A policy's ttlMs is a number of milliseconds above 0, not ${ttlMs}`);
  }
  if (!(refreshAheadFraction >= 0 && refreshAheadFraction <= 1)) {
    throw new TypeError(`A policy's refreshAheadFraction is between 0 and 1, not ${refreshAheadFraction}`);
  }
  const { failSafeMs = 0, loadSoftTimeoutMs = 0, loadHardTimeoutMs = 1 } = durations;
  for (const [name, ms] of Object.entries({ failSafeMs, loadSoftTimeoutMs, loadHardTimeoutMs })) {
    if (!(Number.isFinite(ms) && ms >= 0))
      throw new TypeError(`A policy's ${name} is a number of milliseconds, not ${ms}`);
  }
}

function toMs(duration: Duration): number {
  if (typeof duration === "number") return duration;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration) ?? [];
  if (!isUnit(unit)) {
    throw new TypeError(`A duration is milliseconds, or a text as in "250ms", "30s", "5m" or "1h", not "${duration}"`);
  }
  return Number(amount) * UNITS[unit];
}

function isUnit(unit: string | undefined): unit is keyof typeof UNITS {
  return unit !== undefined && unit in UNITS;
}

/** What an entry of this age may be used for. */
export function freshness(ageMs: number, policy: Pick<ResolvedPolicy, "ttlMs" | "agingMs">): Freshness {
  if (ageMs >= policy.ttlMs) return "expired";
  return ageMs >= policy.agingMs ? "aging" : "fresh";
}
