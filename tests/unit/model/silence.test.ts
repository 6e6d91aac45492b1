import { describe, expect, it } from "vitest";
import { settle } from "@/server/cache/testing/manual-clock";
import { failWhenSilent, SilenceError } from "@/server/model/silence";
import { ManualTime } from "@/tests/support/manual-time";

const SILENCE_MS = 30_000;

/** A server whose answer the test controls, and whether its caller has left. */
function world() {
  const time = new ManualTime();
  const answer = Promise.withResolvers<Response>();
  let body: ReadableStreamDefaultController<Uint8Array> | undefined;
  const running = new Set<() => void>();
  const clock = {
    elapsed: () => time.elapsed(),
    every(ms: number, task: () => void) {
      const stop = time.every(ms, task);
      running.add(stop);
      return () => {
        running.delete(stop);
        stop();
      };
    },
  };
  const send: typeof fetch = (_input, init) => {
    init?.signal?.addEventListener("abort", () => {
      answer.reject(init.signal?.reason);
      body?.error(init.signal?.reason);
    });
    return answer.promise;
  };
  return {
    time,
    fetch: failWhenSilent(send, { silenceMs: SILENCE_MS, clock }),
    timers: () => running.size,
    beginAnswer() {
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          body = controller;
        },
      });
      answer.resolve(new Response(stream, { status: 200, headers: { "request-id": "r1" } }));
    },
    async says(words: string) {
      body?.enqueue(new TextEncoder().encode(words));
      await settle();
    },
    ends: () => body?.close(),
  };
}

describe("an answer", () => {
  it("passes the answer on unchanged while something arrives within the time", async () => {
    const w = world();
    const answering = w.fetch("http://model");
    await w.time.advance(SILENCE_MS - 1);
    w.beginAnswer();
    const response = await answering;
    expect(response.headers.get("request-id")).toBe("r1");
    const text = response.text();
    for (let n = 0; n < 5; n += 1) {
      await w.time.advance(SILENCE_MS - 1);
      await w.says("ping ");
    }
    w.ends();
    expect(await text).toBe("ping ".repeat(5));
    expect(w.timers()).toBe(0);
  });

  it("is given up when its headers do not come", async () => {
    const w = world();
    const answering = expect(w.fetch("http://model")).rejects.toBeInstanceOf(SilenceError);
    await w.time.advance(SILENCE_MS);
    await answering;
    expect(w.timers()).toBe(0);
  });

  it("is given up when it stops in its middle", async () => {
    const w = world();
    const answering = w.fetch("http://model");
    w.beginAnswer();
    const text = expect((await answering).text()).rejects.toBeInstanceOf(SilenceError);
    await w.says("two words");
    await w.time.advance(SILENCE_MS);
    await text;
    expect(w.timers()).toBe(0);
  });

  it("that the caller gives up leaves no timer behind, read or unread", async () => {
    const w = world();
    const caller = new AbortController();
    const answering = w.fetch("http://model", { signal: caller.signal });
    w.beginAnswer();
    await answering;
    caller.abort();
    await w.time.advance(SILENCE_MS);
    expect(w.timers()).toBe(0);
  });
});
