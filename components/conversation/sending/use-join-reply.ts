import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { messagesQuery } from "@/components/trpc/queries";
import { writeCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import type { Pair } from "@/server/conversation/conversation-store";
import type { Message, ReplyEvent } from "@/server/conversation/events";
import { lastPair } from "../entries/entries";
import { addMessages } from "../entries/message-pages";
import { usePageState } from "../state/page-state";
import type { Turn } from "../turn/turn";
import { againTurn, isRunning, resumeTurn, startTurn } from "../turn/turn";
import { useFollowReply } from "./use-follow-reply";

/**
 * Joins the reply that is being written in a conversation: begun before a reload, in another tab or on another device.
 *
 * @param messages the stored messages
 * @param readAt when they were read: after each read there may be a reply to join
 */
export function useJoinReply(sessionId: string, messages: readonly Message[], readAt: number): void {
  const { turns } = usePageState();
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const follow = useFollowReply(sessionId);
  /** Messages without a running reply when this page first looked. */
  const quiet = useRef(new Set<string>());
  const last = messages.at(-1);
  const pair = lastPair(messages);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `readAt` says that there is something new to look at.
  useEffect(() => {
    if (last === undefined) return;
    const answered = last.role === "assistant" && last.status === "complete";
    // The message is being answered again.
    const again = answered && pair?.message.answering ? pair : null;
    if (answered && again === null) return;
    const turn = turnOf(last, again);
    const find = () => turns.get(sessionId).turns.find(({ id }) => id === turn.id);
    const known = find();
    if (known !== undefined && (isRunning(known) || known.phase === "stopped")) return;
    const messageId = again?.message.id ?? last.id;
    const open = (signal: AbortSignal) => client.messages.follow.query({ sessionId, messageId }, { signal });

    /** Shows that the reply is being waited for, until it is known that there is none. */
    async function joinOpenly() {
      const ended = await follow({ turn, open });
      if (ended === undefined || !saidNothing(ended)) return;
      turns.withdraw(sessionId, turn.id);
    }

    /** Shows nothing until new text arrives. */
    async function joinQuietly({ id, content, status }: Message) {
      const leaving = new AbortController();
      const events = (await open(leaving.signal))[Symbol.asyncIterator]();
      const first = await events.next();
      if (first.done) return;
      if (first.value.type !== "message") {
        const begun = find();
        if (begun !== undefined && isRunning(begun)) return leaving.abort();
        await follow({
          turn,
          async open(signal) {
            signal.addEventListener("abort", () => leaving.abort());
            return withFirst(first.value, events);
          },
        });
        return;
      }
      const { message } = first.value;
      if (message.id === id && message.content === content && message.status === status) return;
      const { queryKey } = messagesQuery(client, sessionId);
      writeCached(queryClient, queryKey, (data) => data && addMessages(data, [message]));
      if (again !== null) void queryClient.invalidateQueries({ queryKey });
    }

    if (last.role === "user" && known === undefined && !quiet.current.has(last.id)) {
      quiet.current.add(last.id);
      void joinOpenly();
    } else {
      // If the server cannot be asked, the conversation stays as it was read.
      joinQuietly(last).catch(() => undefined);
    }
  }, [sessionId, last, readAt, turns, client, queryClient, follow]);
}

function turnOf(last: Message, again: Pair | null): Turn {
  if (again !== null) return againTurn(again, again.message.content);
  return last.role === "user" ? startTurn(last) : resumeTurn(last);
}

function saidNothing({ failure, context, reply }: Turn): boolean {
  return failure?.cutShort === true && context === null && reply === "";
}

async function* withFirst(first: ReplyEvent, rest: AsyncIterator<ReplyEvent>): AsyncGenerator<ReplyEvent> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}
