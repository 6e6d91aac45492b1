/** Milliseconds since the epoch, and a monotonic count for durations; injected so that tests own the time. */
export interface Clock {
  now(): number;
  elapsed(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
};
