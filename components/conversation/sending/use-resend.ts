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
 * Sends by itself what has not reached the server: what an earlier visit left behind, at once; what failed because it was not
 * reached, again and again until it is. With their own ids, so that nothing is stored or answered twice.
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
 * What is to be sent by itself, in the order of its writing: turns that failed for want of a connection, and kept messages
 * that no turn of this visit is about. What the server refused waits for the person.
 */
export function unsentMessages(turns: readonly Turn[], kept: readonly UnsentMessage[]): UnsentMessage[] {
  const known = new Set(turns.map(({ id }) => id));
  const waiting = turns.filter(isLost);
  const left = kept.filter(({ id }) => !known.has(id));
  return [...waiting, ...left]
    .map(({ id, content, createdAt }) => ({ id, content, createdAt }))
    .sort((one, other) => one.createdAt.localeCompare(other.createdAt));
}
