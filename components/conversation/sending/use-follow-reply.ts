import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { messagesQuery } from "@/components/trpc/queries";
import { writeCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { markPromptWarm } from "@/components/warm/prompt";
import { useWords } from "@/components/words/words";
import type { Message, ReplyEvent } from "@/server/conversation/events";
import type { MessagePages } from "../entries/message-pages";
import { addMessages, flattenMessages } from "../entries/message-pages";
import { usePageState } from "../state/page-state";
import { batchText, runTurn } from "../turn/run-turn";
import type { Turn, TurnEvent } from "../turn/turn";
import { toFailure } from "../turn/turn";

/** How often a growing reply is rendered, in milliseconds. */
const DRAW_EVERY_MS = 50;

/**
 * When to read again what the server stored of a reply that was cut short, in milliseconds. The server notices a moment
 * after the page.
 */
const LOOK_AGAIN_AFTER_MS = [400, 2_000];

/** When to read a conversation's title again after its second exchange, of which the server names it. */
const TITLE_AFTER_MS = 5_000;

interface FollowedReply {
  turn: Turn;
  open(signal: AbortSignal): Promise<AsyncIterable<ReplyEvent>>;
  /** Called for every event before the page shows it. */
  onEvent?(event: TurnEvent): void;
}

/** Follows a reply to its end, and resolves with the ended turn. */
export function useFollowReply(sessionId: string): (reply: FollowedReply) => Promise<Turn | undefined> {
  const { turns } = usePageState();
  const utils = trpc.useUtils();
  const queryClient = useQueryClient();
  const words = useWords();

  return useCallback(
    async ({ turn, open, onEvent }) => {
      const signal = turns.begin(sessionId, turn);
      await runTurn({
        // A turn that is being stopped leaves the conversation first.
        open: () => turns.stopped(sessionId).then(() => open(signal)),
        dispatch: batchText(
          (event) => {
            onEvent?.(event);
            turns.advance(sessionId, turn.id, event);
            // The message is stored now: it counts, and the first message gives the conversation its title.
            if (event.type === "context") void utils.sessions.invalidate();
            if (event.type === "dream") void utils.dreams.list.invalidate();
          },
          (flush) => setTimeout(flush, DRAW_EVERY_MS),
        ),
        describe: (error) => toFailure(error, Date.now(), words),
        signal,
      });

      const ended = turns.get(sessionId).turns.find(({ id }) => id === turn.id);
      const { queryKey } = messagesQuery(utils.client, sessionId);
      if (ended?.message) {
        const { message: reply } = ended;
        const withReply = (data: MessagePages) => {
          if (ended.resumes !== null) return addMessages(data, [reply]);
          const known = flattenMessages(data).find(({ id }) => id === ended.id);
          return addMessages(data, [userMessage(ended, known ?? reply), reply]);
        };
        writeCached(queryClient, queryKey, (data) => data && withReply(data));
        // A page that joined the reply does not know the new words of the message.
        if (ended.again !== null) void queryClient.invalidateQueries({ queryKey });
        markPromptWarm(queryClient, utils.client, sessionId);
        const known = queryClient.getQueryData(queryKey);
        if (known !== undefined && isSecondExchange(flattenMessages(known))) {
          setTimeout(() => void utils.sessions.invalidate(), TITLE_AFTER_MS);
        }
      } else {
        for (const delay of LOOK_AGAIN_AFTER_MS) {
          setTimeout(() => void queryClient.invalidateQueries({ queryKey }), delay);
        }
      }
      void utils.sessions.invalidate();
      void utils.clarifyContext.get.invalidate();
      void utils.messages.summary.invalidate();
      return ended;
    },
    [sessionId, turns, utils, queryClient, words],
  );
}

function isSecondExchange(messages: readonly Message[]): boolean {
  return messages.filter(({ role }) => role === "user").length === 2;
}

/** The message of a turn, until it is read again. If its time is not known, that of the reply is close to it. */
function userMessage({ id, content, again }: Turn, { createdAt }: Message): Message {
  if (again !== null) return { ...again.message, content, answering: false };
  return {
    id,
    role: "user",
    content,
    status: "complete",
    replyTo: null,
    model: null,
    dreams: [],
    receipts: [],
    variant: null,
    answering: false,
    createdAt,
  };
}
