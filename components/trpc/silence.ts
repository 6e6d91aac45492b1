/** How often the page checks for a sign of life, which the server sends every five seconds, in milliseconds. */
const TICK_MS = 2_500;
const SILENT_TICKS = 6;

/** Runs a task at an interval in milliseconds. Returns a function that stops it. */
export type RunEvery = (ms: number, task: () => void) => () => void;

const browserInterval: RunEvery = (ms, task) => {
  const timer = setInterval(task, ms);
  return () => clearInterval(timer);
};

/**
 * A `fetch` that aborts an answer when nothing has arrived for fifteen seconds, because the connection is dead. The
 * time is counted in ticks of the page, so that a page that was asleep first reads what arrived meanwhile.
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
