import type { Query } from "@tanstack/react-query";
import { defaultShouldDehydrateQuery, QueryCache, QueryClient } from "@tanstack/react-query";
import superjson from "superjson";
import type { ErrorCode } from "./errors";
import { codeOf } from "./errors";

/** Prefetched or just fetched data counts as current for this long, so that nothing is fetched again on mount. */
const CURRENT_FOR_MS = 30_000;

/** Worth a second attempt. What took too long is not: the person has waited, and decides. */
const PASSING: ReadonlySet<ErrorCode> = new Set(["OFFLINE", "SERVICE_UNAVAILABLE", "INTERNAL_SERVER_ERROR"]);

/** A query client for one request on the server, or for one signed-in person in the browser. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: askForItself }),
    defaultOptions: {
      queries: {
        staleTime: CURRENT_FOR_MS,
        // On the server a page would wait for the second attempt; the browser makes it instead.
        retry: typeof window === "undefined" ? false : retryOnce,
      },
      dehydrate: {
        serializeData: superjson.serialize,
        // A page is sent before its data is there: the promise goes along and is fulfilled in the browser.
        shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === "pending",
        // Next.js itself hides server errors from the browser, and needs to see its own ones unchanged.
        shouldRedactErrors: () => false,
      },
      hydrate: { deserializeData: superjson.deserialize },
    },
  });
}

function retryOnce(failures: number, error: Error): boolean {
  return failures < 1 && PASSING.has(codeOf(error));
}

/**
 * A prefetch that fails on the server reaches the browser as a bare rejection that says nothing. If the page already
 * waits for it, the browser asks for itself, and so learns what is wrong. The layout and the page may both hand over
 * the same rejection, so once is not always enough; three times is, also where the browser's own answer says nothing.
 */
function askForItself(error: Error, query: Query<unknown, unknown>): void {
  const { errorUpdateCount, dataUpdateCount } = query.state;
  const saysNothing = codeOf(error) === "UNKNOWN";
  const mayAsk = dataUpdateCount === 0 && errorUpdateCount <= 3;
  if (saysNothing && mayAsk && query.getObserversCount() > 0) query.fetch().catch(() => {});
}
