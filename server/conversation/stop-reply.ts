import type { Clock } from "@/server/clock";
import { PublicError } from "@/server/public-error";
import type { ReplyClaim, ReplyRelay } from "./reply-relay";
import { SILENT_AFTER_MS } from "./reply-relay";

const LOOK_EVERY_MS = 150;
/** The longest that stopping waits for a writer that can be heard, in milliseconds: it has to store what was said. */
const PATIENCE_MS = 8_000;

export interface StopDependencies {
  /** The reply, while somebody writes it; null when nobody does. One read of the database. */
  running(): Promise<ReplyClaim | null>;
  relay: Pick<ReplyRelay, "read" | "stop">;
  /** Ends the claim of a writer that is gone. */
  endClaim(writing: ReplyClaim): Promise<void>;
  clock: Pick<Clock, "pause" | "elapsed">;
}

export class NotStoppedError extends PublicError {
  override name = "NotStoppedError";
  readonly code = "TIMEOUT";

  constructor() {
    super("The reply could not be stopped just now. Please try again.");
  }
}

const NEVER = new AbortController().signal;

/**
 * Has the process that writes a reply stop it, and resolves when its conversation is free for the next message. A writer
 * that is gone is not waited for.
 * @throws {DatabaseError | NotStoppedError}
 */
export async function stopReply({ running, relay, endClaim, clock }: StopDependencies): Promise<void> {
  const writing = await running();
  if (writing === null) return;
  await relay.stop(writing);
  const askedAt = clock.elapsed();
  for (;;) {
    await clock.pause(LOOK_EVERY_MS, NEVER);
    const now = await running();
    if (now?.claimToken !== writing.claimToken) return;
    const waitedMs = clock.elapsed() - askedAt;
    if (waitedMs > SILENT_AFTER_MS && (await relay.read(writing.claimToken)) === null) return endClaim(writing);
    if (waitedMs > PATIENCE_MS) throw new NotStoppedError();
  }
}
