import type { ReplyEvent } from "@/server/conversation/events";
import type { Failure, TurnEvent } from "./turn";
import { CUT_SHORT } from "./turn";

interface TurnRun {
  /** Sends the message; the reply's events follow. */
  open(signal: AbortSignal): Promise<AsyncIterable<ReplyEvent>>;
  dispatch(event: TurnEvent): void;
  /** What went wrong, in words; `CUT_SHORT` is one of the things. */
  describe(error: unknown): Failure;
  signal: AbortSignal;
}

/** Sends one message and passes on what comes back. Never throws: every ending is an event. */
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
 * Collects text and passes it on once per flush, however many words arrive in between; everything else passes at once,
 * behind the text that came before it.
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
