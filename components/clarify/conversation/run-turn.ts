import type { ReplyEvent } from "@/server/conversation/events";
import type { TurnEvent } from "./turn";

interface TurnRun {
  /** Sends the message; the reply's events follow. */
  open(signal: AbortSignal): Promise<AsyncIterable<ReplyEvent>>;
  dispatch(event: TurnEvent): void;
  /** What went wrong, in words. */
  describe(error: unknown): string;
  signal: AbortSignal;
}

const CUT_SHORT = "The reply ended before it was complete.";

/** Sends one message and passes on what comes back. Never throws: every ending is an event. */
export async function runTurn({ open, dispatch, describe, signal }: TurnRun): Promise<void> {
  let answered = false;
  try {
    for await (const event of await open(signal)) {
      dispatch(event);
      answered ||= event.type === "message";
    }
    if (signal.aborted) dispatch({ type: "stop" });
    else if (!answered) dispatch({ type: "failure", message: CUT_SHORT });
  } catch (error) {
    dispatch(signal.aborted ? { type: "stop" } : { type: "failure", message: describe(error) });
  }
}
