import { describe, expect, it } from "vitest";
import type { Turn, TurnEvent } from "@/components/conversation/turn/turn";
import { advanceTurn, resumeTurn, startTurn } from "@/components/conversation/turn/turn";
import type { ContextSummary, Message } from "@/server/conversation/events";

const context: ContextSummary = { tokens: 10, budget: 100, buildMs: 4, sections: [], related: [] };
const gone = { message: "Gone.", offline: false, cutShort: false, retryAt: null };
const reply: Message = {
  id: "r1",
  role: "assistant",
  content: "Hello, Noa.",
  status: "complete",
  replyTo: "m1",
  model: "offline",
  dreams: [],
  receipts: [],
  variant: null,
  answering: false,
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

  it("goes on with a stored reply from its last word, under the message that it answers", () => {
    const beginning: Message = {
      ...reply,
      status: "interrupted",
      content: "Hel",
      dreams: [{ id: "d1", title: "Sea" }],
    };
    const going = advanceTurn(resumeTurn(beginning), { type: "text", delta: "lo" });
    expect(going).toMatchObject({ id: "m1", phase: "streaming", reply: "Hello", dreams: beginning.dreams });
  });

  it("keeps the text so far when it is stopped or fails", () => {
    expect(turnAfter({ type: "text", delta: "Half" }, { type: "stop" })).toMatchObject({
      phase: "stopped",
      reply: "Half",
    });
    expect(turnAfter({ type: "text", delta: "Half" }, { type: "failure", failure: gone })).toMatchObject({
      phase: "failed",
      reply: "Half",
      failure: gone,
    });
  });

  it.each([{ type: "stop" }, { type: "failure", failure: gone }, { type: "message", message: reply }] as const)(
    "does not change after $type",
    (end) => {
      const ended = turnAfter({ type: "text", delta: "Half" }, end);
      expect(advanceTurn(ended, { type: "text", delta: " more" })).toBe(ended);
      expect(advanceTurn(ended, { type: "stop" })).toBe(ended);
    },
  );
});
