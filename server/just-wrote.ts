/**
 * A cookie that the page sets whenever a write was acknowledged. The person's next requests carry it, whichever process
 * answers them, and their reads go past what that process keeps near: see `NEAR_LAG_MS` of the cache. A forged one only
 * makes its sender's own reads ask Redis.
 */
export const JUST_WROTE_COOKIE = "clarify-just-wrote";

/** Longer than a process may serve what another one has outdated. */
export const JUST_WROTE_SECONDS = 2;
