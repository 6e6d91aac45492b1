import type { Clock } from "@/server/clock";

/** Nothing came from the model for too long: no answer, no event, not even a ping. */
export class SilenceError extends Error {
  override name = "SilenceError";
}

export interface SilenceOptions {
  /** How long nothing may come, in milliseconds. */
  silenceMs: number;
  clock: Pick<Clock, "elapsed" | "every">;
}

/** How often to look, as a share of the time that nothing may come. */
const LOOKS = 30;

/**
 * A `fetch` that gives an answer up after a silence, before its headers or within its body; everything that arrives counts,
 * a ping like a word. What it gives up fails with a `SilenceError`.
 */
export function failWhenSilent(send: typeof fetch, { silenceMs, clock }: SilenceOptions): typeof fetch {
  return async (input, init) => {
    const silent = new AbortController();
    const signals = init?.signal ? [init.signal, silent.signal] : [silent.signal];
    const signal = AbortSignal.any(signals);
    let heardAt = clock.elapsed();
    const stop = clock.every(silenceMs / LOOKS, () => {
      if (clock.elapsed() - heardAt >= silenceMs) silent.abort(new SilenceError("Nothing came for too long"));
      // An answer whose body nobody began to read ends here as well.
      if (signal.aborted) stop();
    });

    async function* heard(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of body) {
          heardAt = clock.elapsed();
          yield chunk;
        }
      } finally {
        stop();
      }
    }

    try {
      const response = await send(input, { ...init, signal });
      heardAt = clock.elapsed();
      if (response.body === null) {
        stop();
        return response;
      }
      return new Response(asStream(heard(response.body)), response);
    } catch (error) {
      stop();
      throw error;
    }
  };
}

function asStream(chunks: AsyncGenerator<Uint8Array>): ReadableStream {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void (await chunks.return(undefined)),
  });
}
