import type { RetryTimers } from "@/components/trpc/retry";
import { createRetry } from "@/components/trpc/retry";
import type { UnsentMessage } from "../state/outbox";

interface ResenderOptions {
  timers: RetryTimers;
  /** The messages to be sent, oldest first. */
  unsent(): readonly UnsentMessage[];
  /** Whether a reply is under way. Other messages wait for it. */
  busy(): boolean;
  /** Sends a message. Resolves, when its reply has ended, with whether the server was reached. */
  send(message: UnsentMessage): Promise<boolean>;
}

export type Resender = ReturnType<typeof createResender>;

/** Sends the unsent messages one after the other, in order, and tries again until the server is reached. */
export function createResender({ timers, unsent, busy, send }: ResenderOptions) {
  let sending = false;
  const retry = createRetry(timers, () => void sendAll());

  async function sendAll(): Promise<void> {
    if (sending) return;
    sending = true;
    let reached = true;
    while (reached && !busy()) {
      const [next] = unsent();
      if (next === undefined) break;
      reached = await send(next);
    }
    sending = false;
    if (reached) retry.stop();
    else retry.failed();
  }

  return {
    sendAll,

    /** The conversation has changed, so there may be another unsent message, or one fewer. */
    look(): void {
      if (sending || busy()) return;
      if (unsent().length === 0) retry.stop();
      else if (!retry.waiting()) retry.failed();
    },

    /** The server may be reachable now. */
    hint: retry.hint,
    stop: retry.stop,
  };
}
