/** How one kind of entry is kept. All durations in milliseconds. */
export interface CachePolicy {
  /** Nothing older than this is served, except as a marked fallback. */
  ttlMs: number;
  /** Schema version of the value, a natural number: an entry of any other version is a miss. */
  version: number;
  /** The last part of the life in which a hit is refreshed in the background, 0 to 1. Default 0.2. */
  refreshAheadFraction?: number;
  /** How long an expired copy is kept for when loading fails. Default 1 hour; 0 keeps none. */
  failSafeMs?: number;
  /** Serve the fail-safe copy, where there is one, once loading takes longer than this. Default: wait for the load. */
  loadSoftTimeoutMs?: number;
  /** Abort a load after this. The lease outlives it. Default 5 seconds. */
  loadHardTimeoutMs?: number;
}

export interface ResolvedPolicy {
  readonly ttlMs: number;
  readonly version: number;
  /** The age from which an entry is refreshed ahead. */
  readonly agingMs: number;
  /** How long the store keeps an entry: fresh life and fail-safe together. */
  readonly keepMs: number;
  readonly softTimeoutMs: number | undefined;
  readonly hardTimeoutMs: number;
  /** Longer than any load, so that a lease never ends under a load that may still succeed. */
  readonly leaseMs: number;
}

export type Freshness = "fresh" | "aging" | "expired";

const HOUR_MS = 3_600_000;
const LEASE_MARGIN_MS = 1_000;

const resolved = new WeakMap<CachePolicy, ResolvedPolicy>();

/** Applies the defaults, once per policy object: policies are constants of the caller, never changed after first use. */
export function resolvePolicy(policy: CachePolicy): ResolvedPolicy {
  const known = resolved.get(policy);
  if (known) return known;
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

/** What an entry of this age may be used for. */
export function freshness(ageMs: number, policy: Pick<ResolvedPolicy, "ttlMs" | "agingMs">): Freshness {
  if (ageMs >= policy.ttlMs) return "expired";
  return ageMs >= policy.agingMs ? "aging" : "fresh";
}
