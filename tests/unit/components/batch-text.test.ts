import { describe, expect, it } from "vitest";
import { batchText } from "@/components/conversation/turn/run-turn";
import type { TurnEvent } from "@/components/conversation/turn/turn";

function collected() {
  const events: TurnEvent[] = [];
  const flushes: (() => void)[] = [];
  const dispatch = batchText(
    (event) => events.push(event),
    (flush) => flushes.push(flush),
  );
  return { events, flushes, dispatch };
}

describe("batchText", () => {
  it("passes on the words of one interval together", () => {
    const { events, flushes, dispatch } = collected();
    dispatch({ type: "text", delta: "one " });
    dispatch({ type: "text", delta: "two" });
    expect(events).toEqual([]);
    expect(flushes).toHaveLength(1);
    flushes[0]?.();
    expect(events).toEqual([{ type: "text", delta: "one two" }]);
  });

  it("never lets another event overtake the words before it", () => {
    const { events, flushes, dispatch } = collected();
    dispatch({ type: "text", delta: "last words" });
    dispatch({ type: "stop" });
    flushes[0]?.();
    expect(events).toEqual([{ type: "text", delta: "last words" }, { type: "stop" }]);
  });
});
