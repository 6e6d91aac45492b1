import { describe, expect, it } from "vitest";
import type { Turn, TurnEvent } from "@/components/clarify/conversation/turn";
import { advanceTurn, startTurn } from "@/components/clarify/conversation/turn";
import type { ContextSummary, Message } from "@/server/conversation/events";

const context: ContextSummary = { tokens: 10, budget: 100, buildMs: 4, sections: [] };
const reply: Message = {
  id: "r1",
  role: "assistant",
  content: "Hello, Noa.",
  status: "complete",
  replyTo: "m1",
  model: "offline",
  dreams: [],
  createdAt: "2026-11-23T08:00:01Z",
};

function turnAfter(...events: TurnEvent[]): Turn {
  const start = startTurn({ id: "m1", content: "Hi", createdAt: "2026-11-23T08:00:00Z" });
  return events.reduce(advanceTurn, start);
}

describe("a turn", () => {
  it("waits, grows word by word, and ends with the stored reply", () => {
    expect(turnAfter()).toMatchObject({ phase: "waiting", reply: "" });
    expect(turnAfter({ type: "context", context })).toMatchObject({ phase: "waiting", context });
    const growing = turnAfter({ type: "text", delta: "Hello" }, { type: "text", delta: ", No" });
    expect(growing).toMatchObject({ phase: "streaming", reply: "Hello, No" });
    expect(advanceTurn(growing, { type: "message", message: reply })).toMatchObject({
      phase: "answered",
      reply: "Hello, Noa.",
      message: reply,
    });
  });

  it("keeps what was said when it is stopped or fails", () => {
    expect(turnAfter({ type: "text", delta: "Half" }, { type: "stop" })).toMatchObject({
      phase: "stopped",
      reply: "Half",
    });
    expect(turnAfter({ type: "text", delta: "Half" }, { type: "failure", message: "Gone." })).toMatchObject({
      phase: "failed",
      reply: "Half",
      error: "Gone.",
    });
  });

  it.each([{ type: "stop" }, { type: "failure", message: "Gone." }, { type: "message", message: reply }] as const)(
    "does not change after $type",
    (end) => {
      const ended = turnAfter({ type: "text", delta: "Half" }, end);
      expect(advanceTurn(ended, { type: "text", delta: " more" })).toBe(ended);
      expect(advanceTurn(ended, { type: "stop" })).toBe(ended);
    },
  );
});
