import type { Clock } from "@/server/clock";
import type { Logger } from "@/server/telemetry/logger";

/** How long a claim on a reply outlives its last sign of life, and how often there is one. */
export const CLAIM_MS = 15_000;
const HOLD_EVERY_MS = CLAIM_MS / 3;
/** How often to look whether another process has finished the reply. */
export const LOOK_EVERY_MS = 500;

export interface ClaimDependencies {
  /** Says that the reply is still being written, or, with `false`, that somebody else may. */
  holdClaim(held: boolean): Promise<void>;
  clock: Clock;
  logger: Logger;
}

/** Keeps the claim on a reply while it is spoken, and gives it up when nothing came of that. */
export async function holdingClaim(
  { holdClaim, clock, logger }: ClaimDependencies,
  speak: () => Promise<void>,
): Promise<void> {
  const hold = (held: boolean) =>
    holdClaim(held).catch((err: unknown) => logger.warn({ err, held }, "claim on a reply not held"));
  let lastSign = Promise.resolve();
  const stop = clock.every(HOLD_EVERY_MS, () => {
    lastSign = hold(true);
  });
  try {
    await speak();
  } catch (error) {
    stop();
    await lastSign;
    await hold(false);
    throw error;
  }
  stop();
  // A sign that arrived behind the stored reply would hold what is done, and keep the next message waiting.
  await lastSign;
}
