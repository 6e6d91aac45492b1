import type { Clock } from "@/server/clock";
import type { Logger } from "@/server/telemetry/logger";

/** How long a claim on a reply outlives its last sign of life, and how often there is one. */
export const CLAIM_MS = 15_000;
const HOLD_EVERY_MS = CLAIM_MS / 3;
/** How often to look whether another process has finished the reply. */
export const LOOK_EVERY_MS = 500;

/** The reply is somebody else's to write by now: this process was held up for longer than its claim lasted. */
export class ClaimLostError extends Error {
  override name = "ClaimLostError";
}

export interface ClaimDependencies {
  /**
   * Says that the reply is still being written, or, with `false`, that somebody else may. Answers whether the claim was
   * still the caller's.
   */
  holdClaim(held: boolean): Promise<boolean>;
  clock: Clock;
  logger: Logger;
}

/**
 * Keeps the claim on a reply while it is spoken, and gives it up when nothing came of that. The signal that `speak` gets
 * aborts when the given one does, and when the claim is lost.
 * @throws {ClaimLostError} when it was lost; what was spoken must not be stored.
 */
export async function holdingClaim(
  { holdClaim, clock, logger }: ClaimDependencies,
  signal: AbortSignal,
  speak: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const hold = async (held: boolean) => {
    try {
      if (!(await holdClaim(held)) && held) lost.abort(new ClaimLostError());
    } catch (err) {
      // Not being able to say so is no loss yet: the claim lasts for a while.
      logger.warn({ err, held }, "claim on a reply not held");
    }
  };
  let lastSign = Promise.resolve();
  const stop = clock.every(HOLD_EVERY_MS, () => {
    lastSign = hold(true);
  });
  try {
    await speak(AbortSignal.any([signal, lost.signal]));
  } catch (error) {
    stop();
    await lastSign;
    lost.signal.throwIfAborted();
    await hold(false);
    throw error;
  }
  stop();
  // A sign that arrived behind the stored reply would hold what is done, and keep the next message waiting.
  await lastSign;
  lost.signal.throwIfAborted();
}
