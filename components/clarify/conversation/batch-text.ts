import type { TurnEvent } from "./turn";

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
