import type { Clock } from "@/server/clock";
import { PublicError } from "@/server/public-error";
import type { ReplyClaim, ReplyRelay } from "./reply-relay";
import { SILENT_AFTER_MS } from "./reply-relay";

const LOOK_EVERY_MS = 150;
/** The longest wait for a writer that can be reached, in milliseconds. The writer has to store the text so far. */
const PATIENCE_MS = 8_000;

export interface StopDependencies {
  /** The claim on the reply while any process writes it; null when none does. One read of the database. */
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
    super("We couldn't stop the reply. Please try again.");
  }
}

const NEVER = new AbortController().signal;

/**
 * Asks the process that writes a reply to stop it, and resolves when the conversation accepts the next message. Does
 * not wait for a writer that is gone.
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
