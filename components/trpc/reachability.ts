export type Reachability = ReturnType<typeof createReachability>;

/** Whether the server answers, as the last request to it has shown; what the browser thinks of its network is no proof. */
export function createReachability() {
  let reachable = true;
  const listeners = new Set<() => void>();

  function saw(answered: boolean): void {
    const changed = reachable !== answered;
    reachable = answered;
    // An answer is news also when the server was reachable before: something else may have failed meanwhile.
    if (changed || answered) for (const listener of listeners) listener();
  }

  return {
    reachable: () => reachable,

    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /**
     * Takes note of what comes of a request, and fails it where not the app has answered but something before it: a proxy, a portal.
     * @param signal the request's own: whoever gives up a request has learnt nothing of the server
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
