import { useCallback, useEffect } from "react";
import type { Message } from "@/server/conversation/events";
import type { UnsentMessage } from "../state/outbox";
import { usePageState } from "../state/page-state";
import type { Turn } from "../turn/turn";
import { isRunning } from "../turn/turn";
import { useSendMessage } from "./use-send-message";

/**
 * Sends by itself what has not reached the server: what an earlier visit left behind, at once; what failed for want of a
 * connection, when there is one again. With their own ids, so that nothing is stored or answered twice.
 *
 * @param messages the stored messages
 */
export function useResend(sessionId: string, messages: readonly Message[]): void {
  const { turns, outbox } = usePageState();
  const send = useSendMessage(sessionId);

  useEffect(() => {
    for (const { id } of messages) outbox.remove(sessionId, id);
  }, [sessionId, messages, outbox]);

  const sendAgain = useCallback(async () => {
    const live = () => turns.get(sessionId).turns;
    for (const message of unsentMessages(live(), outbox.read(sessionId))) {
      if (!navigator.onLine || document.hidden || live().some(isRunning)) return;
      await send(message);
    }
  }, [sessionId, turns, outbox, send]);

  useEffect(() => {
    const again = () => void sendAgain();
    again();
    window.addEventListener("online", again);
    document.addEventListener("visibilitychange", again);
    return () => {
      window.removeEventListener("online", again);
      document.removeEventListener("visibilitychange", again);
    };
  }, [sendAgain]);
}

/**
 * What is to be sent by itself, in the order of its writing: turns that failed for want of a connection, and kept messages
 * that no turn of this visit is about. What the server refused waits for the person.
 */
export function unsentMessages(turns: readonly Turn[], kept: readonly UnsentMessage[]): UnsentMessage[] {
  const known = new Set(turns.map(({ id }) => id));
  const waiting = turns.filter(({ failure, resumes }) => failure?.offline === true && resumes === null);
  const left = kept.filter(({ id }) => !known.has(id));
  return [...waiting, ...left]
    .map(({ id, content, createdAt }) => ({ id, content, createdAt }))
    .sort((one, other) => one.createdAt.localeCompare(other.createdAt));
}
