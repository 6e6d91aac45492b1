import type { ReplyEvent } from "@/server/conversation/events";
import { CUT_SHORT } from "./failure";
import type { Failure, TurnEvent } from "./turn";

interface TurnRun {
  /** Sends the message; the reply's events follow. */
  open(signal: AbortSignal): Promise<AsyncIterable<ReplyEvent>>;
  dispatch(event: TurnEvent): void;
  /** What went wrong, in words. */
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
    else if (!answered) dispatch({ type: "failure", failure: CUT_SHORT });
  } catch (error) {
    dispatch(signal.aborted ? { type: "stop" } : { type: "failure", failure: describe(error) });
  }
}
