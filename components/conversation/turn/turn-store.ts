import type { ContextSummary } from "@/server/conversation/events";
import type { Turn, TurnEvent } from "./turn";
import { advanceTurn, isRunning } from "./turn";

/** The turns of one conversation. */
export interface LiveConversation {
  turns: readonly Turn[];
  /** The context of the latest reply. */
  lastContext: ContextSummary | null;
}

const QUIET: LiveConversation = { turns: [], lastContext: null };

export type TurnStore = ReturnType<typeof createTurnStore>;

/**
 * Keeps the turns of all conversations, so that a reply goes on arriving while the person is in another conversation.
 */
export function createTurnStore() {
  const conversations = new Map<string, LiveConversation>();
  const stops = new Map<string, AbortController>();
  const stopping = new Map<string, Promise<void>>();
  const listeners = new Set<() => void>();

  function get(sessionId: string): LiveConversation {
    return conversations.get(sessionId) ?? QUIET;
  }

  function set(sessionId: string, conversation: LiveConversation) {
    conversations.set(sessionId, conversation);
    for (const listener of listeners) listener();
  }

  return {
    get,

    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /** Whether a reply is under way in any conversation. */
    anyRunning: () => [...conversations.values()].some(({ turns }) => turns.some(isRunning)),

    /** Begins a turn, replacing an earlier attempt at it. The signal aborts when the person stops it. */
    begin(sessionId: string, turn: Turn): AbortSignal {
      const stop = new AbortController();
      stops.set(sessionId, stop);
      const { turns, lastContext } = get(sessionId);
      // The stored messages already contain an answered turn.
      const others = turns.filter(({ id, phase }) => id !== turn.id && phase !== "answered");
      set(sessionId, { turns: [...others, turn], lastContext });
      return stop.signal;
    },

    advance(sessionId: string, turnId: string, event: TurnEvent): void {
      const { turns, lastContext } = get(sessionId);
      set(sessionId, {
        turns: turns.map((turn) => (turn.id === turnId ? advanceTurn(turn, event) : turn)),
        lastContext: event.type === "context" ? event.context : lastContext,
      });
    },

    /**
     * Removes a turn that has ended, because the person takes its message back or has chosen another of its answers.
     */
    withdraw(sessionId: string, turnId: string): void {
      const { turns, lastContext } = get(sessionId);
      set(sessionId, { turns: turns.filter((turn) => turn.id !== turnId || isRunning(turn)), lastContext });
    },

    /** Ends the turn that is under way, if there is one. `stopReply` stops its reply on the server. */
    stop(sessionId: string, stopReply: (turn: Turn) => Promise<void>): void {
      const running = get(sessionId).turns.find(isRunning);
      if (running === undefined) return;
      stopping.set(sessionId, stopReply(running));
      stops.get(sessionId)?.abort();
      this.advance(sessionId, running.id, { type: "stop" });
    },

    /** Resolves when the last stopped reply has ended and the conversation accepts the next message. */
    async stopped(sessionId: string): Promise<void> {
      await stopping.get(sessionId);
    },
  };
}
