/** The server sends a sign of life every five seconds, whatever it is busy with. */
const TICK_MS = 2_500;
const SILENT_TICKS = 6;

/** Runs a task every so many milliseconds. Returns how to stop. */
export type RunEvery = (ms: number, task: () => void) => () => void;

const browserInterval: RunEvery = (ms, task) => {
  const timer = setInterval(task, ms);
  return () => clearInterval(timer);
};

/**
 * `fetch` that breaks an answer off when nothing has come of it for fifteen seconds: the connection is dead, and nobody has
 * said so. The time is counted in ticks of the page, so that one that was asleep hears first what came meanwhile.
 */
export async function fetchUnlessSilent(
  input: RequestInfo | URL,
  init: RequestInit,
  { get = fetch, every = browserInterval }: { get?: typeof fetch; every?: RunEvery } = {},
): Promise<Response> {
  const giveUp = new AbortController();
  const { signal } = init;
  signal?.addEventListener("abort", () => giveUp.abort(signal.reason), { once: true });

  let silentTicks = 0;
  const stop = every(TICK_MS, () => {
    silentTicks += 1;
    if (silentTicks < SILENT_TICKS) return;
    stop();
    giveUp.abort(new TypeError("The server fell silent"));
  });
  const heard = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      silentTicks = 0;
      controller.enqueue(chunk);
    },
    flush: stop,
  });

  try {
    if (signal?.aborted) giveUp.abort(signal.reason);
    const response = await get(input, { ...init, signal: giveUp.signal });
    silentTicks = 0;
    if (response.body === null) {
      stop();
      return response;
    }
    return new Response(response.body.pipeThrough(heard), response);
  } catch (error) {
    stop();
    throw error;
  }
}
