import type { BackgroundRunner } from "@/server/cache";
import type { Clock } from "@/server/clock";
import type { Logger } from "@/server/telemetry/logger";
import type { ReplyEvent } from "./events";
import type { ReplyClaim, ReplyRelay } from "./reply-relay";
import { NOTHING_SAID, PUBLISH_EVERY_MS, progressAfter } from "./reply-relay";
import type { WriteReply } from "./running-replies";

export interface BroadcastOptions {
  relay: ReplyRelay;
  /** The claim under which the reply is written. */
  claimToken: string;
  background: BackgroundRunner;
  clock: Pick<Clock, "every">;
  logger: Logger;
}

export interface ReplyBroadcast {
  /** Called when the claim on the reply to this message is held. Before that there is nothing to publish. */
  begin(messageId: string): void;
  /** Wraps the writing of the reply, so that other processes see it growing and can stop it. */
  over(write: WriteReply): WriteReply;
}

/**
 * Publishes the progress of a reply to all other processes every half second, and stops the reply when one of them asks
 * for that. If the relay fails, the others only wait for the stored reply.
 */
export function createReplyBroadcast({
  relay,
  claimToken,
  background,
  clock,
  logger,
}: BroadcastOptions): ReplyBroadcast {
  const asked = new AbortController();
  let progress = NOTHING_SAID;
  let writing: Pick<ReplyClaim, "messageId" | "claimToken"> | undefined;
  let published = false;
  let publishing: Promise<void> | undefined;
  let stopTimer = () => {};

  async function publish(of: Pick<ReplyClaim, "messageId" | "claimToken">) {
    published = true;
    try {
      if (await relay.publish(of, progress)) asked.abort();
    } catch (err) {
      logger.warn({ err }, "reply not published to the other processes");
    }
  }

  /**
   * Publishes the current progress after the call that is under way. With `skip` it does nothing while a call is under
   * way.
   */
  function publishNext({ skip }: { skip: boolean }): void {
    const of = writing;
    if (of === undefined || (skip && publishing !== undefined)) return;
    const next = (publishing ?? Promise.resolve()).then(() => publish(of));
    publishing = next;
    background.run("publish a reply to the other processes", async () => {
      await next;
      if (publishing === next) publishing = undefined;
    });
  }

  return {
    begin(messageId) {
      if (writing !== undefined) return;
      writing = { messageId, claimToken };
      stopTimer = clock.every(PUBLISH_EVERY_MS, () => publishNext({ skip: true }));
      if (progress.stopped) publishNext({ skip: false });
    },

    over(write) {
      return async (emit, signal) => {
        const stop = AbortSignal.any([signal, asked.signal]);
        // Published at once, so that other processes know that the reply is not to be begun again.
        const publishStop = () => {
          progress = { ...progress, stopped: true };
          publishNext({ skip: false });
        };
        stop.addEventListener("abort", publishStop);
        const end = () => {
          stopTimer();
          progress = { ...progress, ended: true };
          if (published) publishNext({ skip: false });
        };
        const publishingEmit = (event: ReplyEvent) => {
          progress = progressAfter(progress, event);
          if (event.type === "unsaved") end();
          emit(event);
        };
        try {
          await write(publishingEmit, stop);
        } finally {
          stop.removeEventListener("abort", publishStop);
          if (!progress.ended) end();
        }
      };
    },
  };
}
