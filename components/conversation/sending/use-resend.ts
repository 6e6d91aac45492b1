import { useEffect } from "react";
import { useReachability } from "@/components/trpc/provider";
import { browserTimers, onHints } from "@/components/trpc/retry";
import type { Message } from "@/server/conversation/events";
import type { UnsentMessage } from "../state/outbox";
import { usePageState } from "../state/page-state";
import type { Turn } from "../turn/turn";
import { isRunning } from "../turn/turn";
import { createResender } from "./resender";
import { useSendMessage } from "./use-send-message";

/**
 * Sends messages that have not reached the server: those of an earlier visit at once, and those that failed for lack of
 * a connection until they arrive. They keep their own ids, so that nothing is stored or answered twice.
 *
 * @param messages the stored messages
 */
export function useResend(sessionId: string, messages: readonly Message[]): void {
  const { turns, outbox } = usePageState();
  const reachability = useReachability();
  const send = useSendMessage(sessionId);

  useEffect(() => {
    for (const { id } of messages) outbox.remove(sessionId, id);
  }, [sessionId, messages, outbox]);

  useEffect(() => {
    const live = () => turns.get(sessionId).turns;
    const resender = createResender({
      timers: browserTimers,
      unsent: () => unsentMessages(live(), outbox.read(sessionId)),
      busy: () => live().some(isRunning),
      async send(message) {
        await send(message);
        const turn = live().find(({ id }) => id === message.id);
        return turn !== undefined && !isLost(turn);
      },
    });
    void resender.sendAll();
    const undo = [
      turns.subscribe(resender.look),
      onHints(resender.hint),
      reachability.subscribe(() => reachability.reachable() && resender.hint()),
      resender.stop,
    ];
    return () => {
      for (const stop of undo) stop();
    };
  }, [sessionId, turns, outbox, reachability, send]);
}

/** Whether a message may not have reached the server. */
function isLost({ failure, resumes, again }: Turn): boolean {
  return failure?.offline === true && resumes === null && again === null;
}

/**
 * The messages to send automatically, in the order in which they were written: turns that failed for lack of a
 * connection, and kept messages without a turn in this visit. A message that the server refused waits for the person.
 */
export function unsentMessages(turns: readonly Turn[], kept: readonly UnsentMessage[]): UnsentMessage[] {
  const known = new Set(turns.map(({ id }) => id));
  const waiting = turns.filter(isLost);
  const left = kept.filter(({ id }) => !known.has(id));
  return [...waiting, ...left]
    .map(({ id, content, createdAt }) => ({ id, content, createdAt }))
    .sort((one, other) => one.createdAt.localeCompare(other.createdAt));
}
