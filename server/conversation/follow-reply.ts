import type { Clock } from "@/server/clock";
import type { ReplyEvent } from "./events";
import type { ReplyClaim, ReplyRelay } from "./reply-relay";
import { eventsBetween, NOTHING_SAID } from "./reply-relay";

/** Shorter than the writer's interval, so that the two together stay below a second. */
const LOOK_EVERY_MS = 250;

export interface FollowDependencies {
  /** The claim on the reply while any process writes it; null when none does. One read of the database. */
  running(): Promise<ReplyClaim | null>;
  relay: Pick<ReplyRelay, "read">;
  clock: Pick<Clock, "pause">;
}

/** The end of a reply that was followed. `stopped`: somebody asked for it to stop. */
export interface FollowedEnd {
  stopped: boolean;
}

/**
 * Streams a reply that another process writes, from its first word until no process writes it. Only reads. Yields
 * `restart` when another process begins the reply anew. Without a working relay it only waits for the end.
 * @throws {DatabaseError}
 */
export async function* followReply(
  { running, relay, clock }: FollowDependencies,
  signal: AbortSignal,
): AsyncGenerator<ReplyEvent, FollowedEnd, undefined> {
  const read = (claimToken: string) => relay.read(claimToken).catch(() => null);
  let seen = NOTHING_SAID;
  let claim = await running();
  while (claim !== null && !signal.aborted) {
    const progress = await read(claim.claimToken);
    if (progress !== null) {
      yield* eventsBetween(seen, progress);
      seen = progress;
      if (progress.ended) return progress;
    }
    await clock.pause(LOOK_EVERY_MS, signal).catch(() => undefined);
    if (progress !== null) continue;
    const now = await running();
    // The writer's last progress may have arrived in between.
    if (now === null) return (await read(claim.claimToken)) ?? seen;
    claim = now;
  }
  return seen;
}

/** Emits the events of a reply that another process writes, until no process writes it. */
export async function passOn(
  events: AsyncGenerator<ReplyEvent, FollowedEnd, undefined>,
  emit: (event: ReplyEvent) => void,
): Promise<FollowedEnd> {
  for (;;) {
    const { done, value } = await events.next();
    if (done) return value;
    emit(value);
  }
}
