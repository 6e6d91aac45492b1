import { expect, it } from "vitest";
import type { RunEvery } from "@/components/trpc/silence";
import { fetchUnlessSilent } from "@/components/trpc/silence";

const FIFTEEN_SECONDS = 6;

/** A server whose answer the test writes, and a clock whose ticks the test gives. */
function heldServer() {
  let tick: () => void = () => {};
  let ticking = false;
  const every: RunEvery = (_ms, task) => {
    tick = task;
    ticking = true;
    return () => {
      ticking = false;
    };
  };
  const body = new TransformStream<Uint8Array, Uint8Array>();
  const writer = body.writable.getWriter();
  const answered = Promise.withResolvers<Response>();
  const get: typeof fetch = (_input, init) => {
    const { signal } = init ?? {};
    signal?.addEventListener("abort", () => {
      answered.reject(signal.reason);
      writer.abort(signal.reason).catch(() => {});
    });
    return answered.promise;
  };
  return {
    open: (signal: AbortSignal | null = null) => fetchUnlessSilent("/api", { signal }, { get, every }),
    answer: () => answered.resolve(new Response(body.readable, { status: 200, headers: { "x-of": "the server" } })),
    say: (text: string) => writer.write(new TextEncoder().encode(text)),
    end: () => writer.close(),
    pass(ticks: number) {
      for (let count = 0; count < ticks && ticking; count += 1) tick();
    },
    ticking: () => ticking,
  };
}

it("passes an answer on unchanged while data arrives in time", async () => {
  const { open, answer, say, end, pass, ticking } = heldServer();
  answer();
  const response = await open();
  expect([response.status, response.headers.get("x-of")]).toEqual([200, "the server"]);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (const part of ["a", " ", "b"]) {
    pass(FIFTEEN_SECONDS - 1);
    void say(part);
    expect(await reader?.read()).toEqual({ done: false, value: part });
  }
  void end();
  expect((await reader?.read())?.done).toBe(true);
  expect(ticking()).toBe(false);
});

it("breaks off an answer that falls silent", async () => {
  const { open, answer, say, pass } = heldServer();
  answer();
  const text = (await open()).text();
  void say("a").catch(() => {});
  pass(FIFTEEN_SECONDS);
  await expect(text).rejects.toThrow("The server fell silent");
});

it("gives up a request that is not answered at all", async () => {
  const { open, pass, ticking } = heldServer();
  const response = open();
  pass(FIFTEEN_SECONDS);
  await expect(response).rejects.toThrow("The server fell silent");
  expect(ticking()).toBe(false);
});

it("ends when the page itself gives up", async () => {
  const { open, answer, ticking } = heldServer();
  const leaving = new AbortController();
  const response = open(leaving.signal);
  leaving.abort(new Error("left"));
  await expect(response).rejects.toThrow("left");
  answer();
  expect(ticking()).toBe(false);
});
