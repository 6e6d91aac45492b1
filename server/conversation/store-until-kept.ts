import type { Clock } from "@/server/clock";
import type { DatabaseErrorCode } from "@/server/database/errors";
import { isDatabaseError } from "@/server/database/errors";
import type { Logger } from "@/server/telemetry/logger";
import type { Message } from "./events";

/** The pauses between tries: they double from the first to the longest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** What a later try may get past. */
const PASSING: ReadonlySet<DatabaseErrorCode> = new Set(["unavailable", "timeout", "busy"]);

export interface StoringDependencies {
  /** Stores what was said under the claim that it was written under. */
  store(): Promise<Message>;
  /** Stores it without a claim. Doing so twice stores it once, also after a `store` whose answer was lost. */
  storeLate(): Promise<Message>;
  giveUpClaim(): Promise<unknown>;
  /** Has it wait where other processes find it, should this one end before it is stored. */
  leaveForOthers(): Promise<void>;
  /** Called once: the first try has failed, and the conversation is free. */
  onUnsaved(): void;
  clock: Pick<Clock, "pause">;
  logger: Logger;
}

const NEVER = new AbortController().signal;

/**
 * Stores what a model was paid for. When the database does not take it, the claim is given up, so that the conversation
 * is free, and storing is tried again until it succeeds.
 * @throws {DatabaseError | ClaimLostError} when trying again cannot help: somebody else has answered, the message is gone, or
 * the person's access has run out.
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
