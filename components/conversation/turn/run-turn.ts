import type { ReplyEvent } from "@/server/conversation/events";
import type { Failure, TurnEvent } from "./turn";
import { CUT_SHORT } from "./turn";

interface TurnRun {
  /** Sends the message; returns the reply's events. */
  open(signal: AbortSignal): Promise<AsyncIterable<ReplyEvent>>;
  dispatch(event: TurnEvent): void;
  /** Describes an error in words. `CUT_SHORT` is one of the possible errors. */
  describe(error: unknown): Failure;
  signal: AbortSignal;
}

/** Sends one message and dispatches the events of its reply. Never throws: every ending is an event. */
export async function runTurn({ open, dispatch, describe, signal }: TurnRun): Promise<void> {
  let answered = false;
  try {
    for await (const event of await open(signal)) {
      dispatch(event);
      answered ||= event.type === "message";
    }
    if (signal.aborted) dispatch({ type: "stop" });
    else if (!answered) dispatch({ type: "failure", failure: describe(CUT_SHORT) });
  } catch (error) {
    dispatch(signal.aborted ? { type: "stop" } : { type: "failure", failure: describe(error) });
  }
}

/**
 * Collects text and dispatches it once per flush, however many words arrive in between. Other events are dispatched at
 * once, after the text that came before them.
 */
export function batchText(dispatch: (event: TurnEvent) => void, scheduleFlush: (flush: () => void) => void) {
  let text = "";
  let scheduled = false;

  function flush() {
    scheduled = false;
    if (text === "") return;
    const delta = text;
    text = "";
    dispatch({ type: "text", delta });
  }

  return (event: TurnEvent): void => {
    if (event.type !== "text") {
      flush();
      dispatch(event);
      return;
    }
    text += event.delta;
    if (scheduled) return;
    scheduled = true;
    scheduleFlush(flush);
  };
}
