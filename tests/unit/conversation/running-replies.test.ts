import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "@/server/conversation/events";
import { RunningReplies, ShuttingDownError } from "@/server/conversation/running-replies";
import { CollectingBackground } from "../cache/collecting-background";

const NEVER = new AbortController().signal;
const KEY = { userId: "noa", sessionId: "sea", id: "message" };

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
    const slow = replies.listen(KEY, reply.write, NEVER);
    const first = slow.next();
    const { emit } = await reply.begun;
    for (let n = 0; n < 100; n += 1) emit(word(String(n)));
    reply.end.resolve();
    expect((await first).value).toEqual(word("0"));
    // It is complete already; each word is delivered only when it is asked for.
    for (let n = 1; n < 100; n += 1) expect((await slow.next()).value).toEqual(word(String(n)));
    expect((await slow.next()).done).toBe(true);
  });

  it("is written once, and every listener gets it from its first word", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const reply = manualReply();
    const early = all(replies.listen(KEY, reply.write, NEVER));
    const { emit } = await reply.begun;
    emit(word("I "));
    const late = all(replies.listen(KEY, reply.write, NEVER));
    emit(word("hear."));
    await Promise.resolve();
    reply.end.resolve();
    expect(await early).toEqual([word("I "), word("hear.")]);
    expect(await late).toEqual(await early);
    expect(reply.times).toBe(1);
  });

  it("goes on when its last listener has left, and can be joined again from its first word", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const reply = manualReply();
    const leaving = new AbortController();
    const left = all(replies.listen(KEY, reply.write, leaving.signal));
    const { emit, signal } = await reply.begun;
    emit(word("I "));
    leaving.abort();
    await left;
    expect(signal.aborted).toBe(false);
    const back = replies.join(KEY, NEVER);
    emit(word("hear."));
    reply.end.resolve();
    expect(back && (await all(back))).toEqual([word("I "), word("hear.")]);
    expect(reply.times).toBe(1);
  });

  it("lets a listener leave at once while it is silent", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const reply = manualReply();
    const leaving = new AbortController();
    const listening = all(replies.listen(KEY, reply.write, leaving.signal));
    await reply.begun;
    leaving.abort();
    expect(await listening).toEqual([]);
    reply.end.resolve();
  });

  it("is stopped by its conversation or its id only, and stopping waits for its end", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const reply = manualReply();
    const listening = all(replies.listen(KEY, reply.write, NEVER));
    const { signal } = await reply.begun;
    for (const other of [{ userId: "dan" }, { sessionId: "hills" }, { id: "another" }]) {
      await replies.stop({ ...KEY, ...other });
    }
    expect(signal.aborted).toBe(false);
    let over = false;
    const stopping = replies.stop({ userId: "noa", sessionId: "sea" }).then(() => {
      over = true;
    });
    expect(signal.aborted).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    reply.end.resolve();
    await Promise.all([stopping, listening]);
    expect(replies.join(KEY, NEVER)).toBeUndefined();
  });

  it("that was stopped lets the next sender wait for its end, and then begin again", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const [stopped, next] = [manualReply(), manualReply()];
    const listening = all(replies.listen(KEY, stopped.write, NEVER));
    await stopped.begun;
    void replies.stop(KEY);
    const again = all(replies.listen(KEY, next.write, NEVER));
    await new Promise((resolve) => setImmediate(resolve));
    expect(next.times).toBe(0);
    stopped.end.resolve();
    (await next.begun).emit(word("anew"));
    next.end.resolve();
    expect(await again).toEqual([word("anew")]);
    await listening;
  });

  it("that fails rejects for all listeners, after the text so far", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const reply = manualReply();
    const listeners = [1, 2].map(() => replies.listen(KEY, reply.write, NEVER));
    const firsts = listeners.map((listener) => listener.next());
    (await reply.begun).emit(word("I "));
    expect((await Promise.all(firsts)).map(({ value }) => value)).toEqual([word("I "), word("I ")]);
    reply.end.reject(new Error("the model is gone"));
    for (const listener of listeners) await expect(listener.next()).rejects.toThrow("the model is gone");
  });

  it("that fails without listeners is reported by the background runner", async () => {
    const background = new CollectingBackground();
    const replies = new RunningReplies(background);
    const reply = manualReply();
    const leaving = new AbortController();
    const listening = all(replies.listen(KEY, reply.write, leaving.signal));
    await reply.begun;
    leaving.abort();
    await listening;
    reply.end.reject(new Error("the database is gone"));
    await expect(background.idle()).rejects.toThrow("the database is gone");
  });

  it("is kept alive by the platform until it has ended", async () => {
    const background = new CollectingBackground();
    const replies = new RunningReplies(background);
    const reply = manualReply();
    const listening = all(replies.listen(KEY, reply.write, NEVER));
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

describe("replies that are closed", () => {
  it("end those under way and begin no other", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const [running, refused] = [manualReply(), manualReply()];
    const listening = all(replies.listen(KEY, running.write, NEVER));
    const { emit } = await running.begun;
    let closed = false;
    const closing = replies.close().then(() => {
      closed = true;
    });
    await expect(all(replies.listen({ ...KEY, id: "other" }, refused.write, NEVER))).rejects.toThrow(ShuttingDownError);
    expect(refused.times).toBe(0);
    // A listener of the running reply still gets it.
    const late = all(replies.listen(KEY, refused.write, NEVER));
    emit(word("I hear."));
    expect(closed).toBe(false);
    running.end.resolve();
    await closing;
    expect(await Promise.all([listening, late])).toEqual([[word("I hear.")], [word("I hear.")]]);
  });

  it("can be cut, and are waited for while they store their text", async () => {
    const replies = new RunningReplies(new CollectingBackground());
    const reply = manualReply();
    const listening = all(replies.listen(KEY, reply.write, NEVER));
    const { signal } = await reply.begun;
    let ended = false;
    const cutting = replies.cut().then(() => {
      ended = true;
    });
    expect(signal.aborted).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    reply.end.resolve();
    await Promise.all([cutting, listening]);
  });
});
