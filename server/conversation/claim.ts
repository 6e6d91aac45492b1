import type { Clock } from "@/server/clock";
import type { Logger } from "@/server/telemetry/logger";

/** How long a claim on a reply outlives its last sign of life, and how often there is one. */
export const CLAIM_MS = 15_000;
const HOLD_EVERY_MS = CLAIM_MS / 3;

/** Another process has taken the claim on the reply, because this one did not renew it in time. */
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
 * Renews the claim on a reply while `speak` runs, and gives the claim up when `speak` fails. The signal that `speak` gets
 * aborts when the given one does, and when the claim is lost.
 * @throws {ClaimLostError} when the claim was lost; the reply must not be stored.
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
      // A renewal that failed does not lose the claim: it lasts for a while.
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
  // A renewal that arrived after the stored reply would claim a finished reply, and keep the next message waiting.
  await lastSign;
  lost.signal.throwIfAborted();
}
