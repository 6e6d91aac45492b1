import { useCallback, useEffect } from "react";
import type { Message } from "@/server/conversation/events";
import { usePageState } from "../page-state";
import { isRunning } from "./turn";
import { unsentMessages } from "./unsent";
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
