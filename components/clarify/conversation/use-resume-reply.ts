import { useCallback } from "react";
import { trpc } from "@/components/trpc/trpc";
import { useToast } from "@/components/ui/toasts";
import type { Message } from "@/server/conversation/events";
import { failureWords } from "./failure";
import { ownTimeZone } from "./own-time-zone";
import { resumeTurn } from "./turn";
import { useFollowReply } from "./use-follow-reply";

/** Goes on with the last reply of a conversation, where it ended early. */
export function useResumeReply(sessionId: string): (beginning: Message) => Promise<void> {
  const { client } = trpc.useUtils();
  const follow = useFollowReply(sessionId);
  const toast = useToast();

  return useCallback(
    async (beginning) => {
      const ended = await follow({
        turn: resumeTurn(beginning),
        open: (signal) =>
          client.messages.resume.mutate({ sessionId, replyId: beginning.id, timeZone: ownTimeZone() }, { signal }),
      });
      if (ended?.failure) toast({ text: failureWords(ended.failure, Date.now()), urgent: true });
    },
    [sessionId, client, follow, toast],
  );
}
