import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "@/server/conversation/events";
import { RunningReplies } from "@/server/conversation/running-replies";
import { CollectingBackground } from "../cache/collecting-background";

const NEVER = new AbortController().signal;

function word(delta: string): ReplyEvent {
  return { type: "text", delta };
}

/** A reply that the test writes by hand. */
function manualReply() {
  const begun = Promise.withResolvers<{ emit: (event: ReplyEvent) => void; signal: AbortSignal }>();
  const end = Promise.withResolvers<void>();
  const reply = {
    begun: begun.promise,
    end,
    times: 0,
    write(emit: (event: ReplyEvent) => void, signal: AbortSignal) {
      reply.times += 1;
      begun.resolve({ emit, signal });
      return end.promise;
    },
  };
  return reply;
}

async function all(events: AsyncIterable<ReplyEvent>): Promise<ReplyEvent[]> {
  const seen: ReplyEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

describe("a running reply", () => {
  it("waits for a listener that is slow, and loses nothing", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const reply = manualReply();
    const slow = replies.listen("reply", reply.write, NEVER);
    const first = slow.next();
    const { emit } = await reply.begun;
    for (let n = 0; n < 100; n += 1) emit(word(String(n)));
    reply.end.resolve();
    expect((await first).value).toEqual(word("0"));
    // It has long been written; every word is handed over only when it is asked for.
    for (let n = 1; n < 100; n += 1) expect((await slow.next()).value).toEqual(word(String(n)));
    expect((await slow.next()).done).toBe(true);
  });

  it("is written once, and told from its first word, whenever a listener comes", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const reply = manualReply();
    const early = all(replies.listen("reply", reply.write, NEVER));
    const { emit } = await reply.begun;
    emit(word("I "));
    const late = all(replies.listen("reply", reply.write, NEVER));
    emit(word("hear."));
    await Promise.resolve();
    reply.end.resolve();
    expect(await early).toEqual([word("I "), word("hear.")]);
    expect(await late).toEqual(await early);
    expect(reply.times).toBe(1);
  });

  it("is told to stop when the last listener has left, and not before", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const reply = manualReply();
    const [one, other] = [new AbortController(), new AbortController()];
    const listening = [one, other].map(({ signal }) => all(replies.listen("reply", reply.write, signal)));
    const { signal } = await reply.begun;
    one.abort();
    await listening[0];
    expect(signal.aborted).toBe(false);
    other.abort();
    await listening[1];
    expect(signal.aborted).toBe(true);
    reply.end.resolve();
  });

  it("is told to stop at once while it is silent", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const reply = manualReply();
    const leaving = new AbortController();
    const listening = all(replies.listen("reply", reply.write, leaving.signal));
    const { signal } = await reply.begun;
    leaving.abort();
    expect(await listening).toEqual([]);
    expect(signal.aborted).toBe(true);
    reply.end.resolve();
  });

  it("that everybody left lets the next sender wait for its end, and then begin anew", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const [left, next] = [manualReply(), manualReply()];
    const leaving = new AbortController();
    const listening = all(replies.listen("reply", left.write, leaving.signal));
    await left.begun;
    leaving.abort();
    await listening;
    const again = all(replies.listen("reply", next.write, NEVER));
    await new Promise((resolve) => setImmediate(resolve));
    expect(next.times).toBe(0);
    left.end.resolve();
    (await next.begun).emit(word("anew"));
    next.end.resolve();
    expect(await again).toEqual([word("anew")]);
  });

  it("that fails fails for all who listen, after what was said", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const reply = manualReply();
    const listeners = [1, 2].map(() => replies.listen("reply", reply.write, NEVER));
    const firsts = listeners.map((listener) => listener.next());
    (await reply.begun).emit(word("I "));
    expect((await Promise.all(firsts)).map(({ value }) => value)).toEqual([word("I "), word("I ")]);
    reply.end.reject(new Error("the model is gone"));
    for (const listener of listeners) await expect(listener.next()).rejects.toThrow("the model is gone");
  });

  it("is kept alive by the platform until it has ended", async () => {
    const background = new CollectingBackground();
    const replies = new RunningReplies(background);
    const reply = manualReply();
    const listening = all(replies.listen("reply", reply.write, NEVER));
    await reply.begun;
    let over = false;
    const settled = background.idle().then(() => {
      over = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    reply.end.resolve();
    await Promise.all([listening, settled]);
  });
});
