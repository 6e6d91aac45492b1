import type { Clock } from "@/server/clock";

/** The model sent nothing for too long: no answer, no event, not even a ping. */
export class SilenceError extends Error {
  override name = "SilenceError";
}

export interface SilenceOptions {
  /** How long it may send nothing, in milliseconds. */
  silenceMs: number;
  clock: Pick<Clock, "elapsed" | "every">;
}

/** How many checks there are in the time of an allowed silence. */
const LOOKS = 30;

/**
 * A `fetch` that aborts an answer after a silence, before its headers or within its body. Everything that arrives
 * counts, also a ping. The aborted call fails with a `SilenceError`.
 */
export function failWhenSilent(send: typeof fetch, { silenceMs, clock }: SilenceOptions): typeof fetch {
  return async (input, init) => {
    const silent = new AbortController();
    const signals = init?.signal ? [init.signal, silent.signal] : [silent.signal];
    const signal = AbortSignal.any(signals);
    let heardAt = clock.elapsed();
    const stop = clock.every(silenceMs / LOOKS, () => {
      if (clock.elapsed() - heardAt >= silenceMs) silent.abort(new SilenceError("Nothing came for too long"));
      // Also ends an answer whose body nobody began to read.
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
