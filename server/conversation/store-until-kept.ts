import type { Clock } from "@/server/clock";
import type { DatabaseErrorCode } from "@/server/database/errors";
import { isDatabaseError } from "@/server/database/errors";
import type { Logger } from "@/server/telemetry/logger";
import type { Message } from "./events";

/** The pauses between tries, in milliseconds. They double from the first to the longest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Errors that a later try may not have. */
const PASSING: ReadonlySet<DatabaseErrorCode> = new Set(["unavailable", "timeout", "busy"]);

export interface StoringDependencies {
  /** Stores the text under the claim under which it was written. */
  store(): Promise<Message>;
  /** Stores the text without a claim. Repeating it stores the text once, also after a `store` whose answer was lost. */
  storeLate(): Promise<Message>;
  giveUpClaim(): Promise<unknown>;
  /** Leaves the reply where other processes find it, in case this process ends before it is stored. */
  leaveForOthers(): Promise<void>;
  /** Called once, when the first try has failed and the conversation accepts the next message. */
  onUnsaved(): void;
  clock: Pick<Clock, "pause">;
  logger: Logger;
}

const NEVER = new AbortController().signal;

/**
 * Stores the text of a reply that was paid for. If the database does not accept it, the claim is released, so that the
 * conversation can go on, and storing is tried again until it succeeds.
 * @throws {DatabaseError | ClaimLostError} when trying again cannot help: another reply is stored, the message is gone,
 * or the person's access has expired.
 */
export async function storeUntilKept(dependencies: StoringDependencies): Promise<Message> {
  const { store, storeLate, giveUpClaim, leaveForOthers, onUnsaved, clock, logger } = dependencies;
  const failed = (err: unknown) => {
    if (!mayPass(err)) throw err;
    logger.warn({ err }, "reply not stored yet");
  };
  const release = () => giveUpClaim().catch((err) => logger.warn({ err }, "claim on a reply not given up"));
  const leave = () => leaveForOthers().catch((err) => logger.warn({ err }, "reply waits in this process alone"));
  try {
    return await store();
  } catch (error) {
    const released = release();
    if (mayPass(error)) await leave();
    await released;
    failed(error);
  }
  onUnsaved();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    await clock.pause(pauseMs, NEVER);
    try {
      return await storeLate();
    } catch (error) {
      failed(error);
    }
  }
}

function mayPass(error: unknown): boolean {
  return isDatabaseError(error) && PASSING.has(error.code);
}
