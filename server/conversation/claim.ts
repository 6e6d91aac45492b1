import type { Clock } from "@/server/clock";
import type { Logger } from "@/server/telemetry/logger";

/** How long a claim on a reply lasts after its last renewal, and how often it is renewed, in milliseconds. */
export const CLAIM_MS = 15_000;
const HOLD_EVERY_MS = CLAIM_MS / 3;

/** Another process has taken the claim on the reply, because this process did not renew it in time. */
export class ClaimLostError extends Error {
  override name = "ClaimLostError";
}

export interface ClaimDependencies {
  /** Renews the claim, or releases it with `false`. Returns whether the caller still held it. */
  holdClaim(held: boolean): Promise<boolean>;
  clock: Clock;
  logger: Logger;
}

/**
 * Renews the claim on a reply while `speak` runs, and releases it when `speak` fails. The signal that `speak` gets
 * aborts when the given signal does, and when the claim is lost.
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
      // A failed renewal does not lose the claim, which lasts for several renewals.
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
  // A renewal that arrives after the reply was stored would claim a finished reply and delay the next message.
  await lastSign;
  lost.signal.throwIfAborted();
}
