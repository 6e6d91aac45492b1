import type { Clock } from "@/server/clock";
import type { ReplyEvent } from "./events";
import type { ReplyClaim, ReplyRelay } from "./reply-relay";
import { eventsBetween, NOTHING_SAID } from "./reply-relay";

/** More often than the writer tells, so that the two together stay below a second. */
const LOOK_EVERY_MS = 250;

export interface FollowDependencies {
  /** The claim on the reply, while somebody writes it; null when nobody does. One read of the database. */
  running(): Promise<ReplyClaim | null>;
  relay: Pick<ReplyRelay, "read">;
  clock: Pick<Clock, "pause">;
}

/** How a reply that was followed ended: `stopped` when somebody asked for that. */
export interface FollowedEnd {
  stopped: boolean;
}

/**
 * What is said in a reply that another process writes, from its first word, until nobody writes it any more. Only reads.
 * When another process takes the reply over, `restart` says that what was said before does not count. A relay that fails
 * leaves nothing but the end to be seen.
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
    const told = await read(claim.claimToken);
    if (told !== null) {
      yield* eventsBetween(seen, told);
      seen = told;
      if (told.ended) return told;
    }
    await clock.pause(LOOK_EVERY_MS, signal).catch(() => undefined);
    if (told !== null) continue;
    const now = await running();
    // What it told last may have come in between.
    if (now === null) return (await read(claim.claimToken)) ?? seen;
    claim = now;
  }
  return seen;
}

/** Passes on what is said in a reply that another process writes, until nobody writes it any more. */
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
