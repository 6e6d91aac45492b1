export type Reachability = ReturnType<typeof createReachability>;

/**
 * Whether the server answers, according to the last request to it. The browser's own view of its network is not
 * reliable.
 */
export function createReachability() {
  let reachable = true;
  const listeners = new Set<() => void>();

  function saw(answered: boolean): void {
    const changed = reachable !== answered;
    reachable = answered;
    // An answer is reported even if the server was reachable before, because something else may have failed in between.
    if (changed || answered) for (const listener of listeners) listener();
  }

  return {
    reachable: () => reachable,

    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /**
     * Records the outcome of a request, and fails it if a proxy or a portal answered instead of the app.
     * @param signal the request's own signal: an aborted request shows nothing about the server
     */
    async watch(request: Promise<Response>, signal: AbortSignal | null): Promise<Response> {
      try {
        const response = await request;
        const fromApp = response.headers.get("content-type")?.includes("json") ?? false;
        if (!fromApp) throw new TypeError(`HTTP ${response.status} that is not from the app`);
        saw(true);
        return response;
      } catch (error) {
        if (signal?.aborted !== true) saw(false);
        throw error;
      }
    },
  };
}
