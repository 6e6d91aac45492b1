import { describe, expect, it } from "vitest";
import { runTurn } from "@/components/conversation/turn/run-turn";
import type { TurnEvent } from "@/components/conversation/turn/turn";
import type { Message, ReplyEvent } from "@/server/conversation/events";

const message: Message = {
  id: "r1",
  role: "assistant",
  content: "Yes.",
  status: "complete",
  replyTo: "m1",
  model: "offline",
  dreams: [],
  receipts: [],
  variant: null,
  answering: false,
  createdAt: "2026-11-23T08:00:01Z",
};
const described = (error: unknown) => ({
  message: `described: ${error}`,
  offline: false,
  cutShort: false,
  retryAt: null,
});
const text: ReplyEvent = { type: "text", delta: "Yes." };

async function run(open: (signal: AbortSignal) => Promise<AsyncIterable<ReplyEvent>>, signal = neverAborted()) {
  const events: TurnEvent[] = [];
  await runTurn({ open, signal, dispatch: (event) => events.push(event), describe: described });
  return events;
}

const neverAborted = () => new AbortController().signal;

async function* stream(...events: ReplyEvent[]) {
  yield* events;
}

describe("runTurn", () => {
  it("passes on every event of a whole reply, and adds none", async () => {
    const events: ReplyEvent[] = [text, { type: "message", message }];
    expect(await run(async () => stream(...events))).toEqual(events);
  });

  it("calls a stream without its stored message a failure", async () => {
    const events = await run(async () => stream(text));
    expect(events.map(({ type }) => type)).toEqual(["text", "failure"]);
  });

  it("describes a refusal of the server, and a failure on the way", async () => {
    expect(await run(() => Promise.reject("no"))).toEqual([{ type: "failure", failure: described("no") }]);
    async function* breaking() {
      yield text;
      throw "cut";
    }
    expect(await run(async () => breaking())).toEqual([text, { type: "failure", failure: described("cut") }]);
  });

  it("is stopped, not failed, when the person stops it, whether the stream throws or just ends", async () => {
    const stop = new AbortController();
    async function* throwing() {
      yield text;
      stop.abort();
      throw new Error("aborted");
    }
    expect(await run(async () => throwing(), stop.signal)).toEqual([text, { type: "stop" }]);

    const again = new AbortController();
    async function* ending() {
      yield text;
      again.abort();
    }
    expect(await run(async () => ending(), again.signal)).toEqual([text, { type: "stop" }]);
  });
});
