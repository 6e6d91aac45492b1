import { useCallback } from "react";
import { trpc } from "@/components/trpc/trpc";
import { usePageState } from "../page-state";
import { ownTimeZone } from "./own-time-zone";
import { startTurn } from "./turn";
import { useFollowReply } from "./use-follow-reply";

/** Sends a message, for the first time or again with its id, and sees its reply through to the end. */
export function useSendMessage(sessionId: string): (message: { id: string; content: string }) => Promise<void> {
  const { outbox } = usePageState();
  const { client } = trpc.useUtils();
  const follow = useFollowReply(sessionId);

  return useCallback(
    async ({ id, content }) => {
      const turn = startTurn({ id, content, createdAt: new Date().toISOString() });
      outbox.put(sessionId, turn);
      await follow({
        turn,
        open: (signal) => client.messages.send.mutate({ sessionId, id, content, timeZone: ownTimeZone() }, { signal }),
        onEvent({ type }) {
          // The first news of a reply says that the message is stored; and what was stopped is not to start again by itself.
          if (type !== "failure") outbox.remove(sessionId, id);
        },
      });
    },
    [sessionId, outbox, client, follow],
  );
}
