import type { Query } from "@tanstack/react-query";
import { defaultShouldDehydrateQuery, QueryCache, QueryClient } from "@tanstack/react-query";
import superjson from "superjson";
import type { ErrorCode } from "./errors";
import { codeOf } from "./errors";

/** How long prefetched or fetched data counts as current, in milliseconds, so that mounting does not fetch it again. */
const CURRENT_FOR_MS = 30_000;

/** Errors that justify a second attempt. A timeout does not: the person has waited, and decides. */
const PASSING: ReadonlySet<ErrorCode> = new Set(["OFFLINE", "SERVICE_UNAVAILABLE", "INTERNAL_SERVER_ERROR"]);

/** A query client for one request on the server, or for one signed-in person in the browser. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: askForItself }),
    defaultOptions: {
      queries: {
        staleTime: CURRENT_FOR_MS,
        // On the server a page would wait for the second attempt, so the browser makes it.
        retry: typeof window === "undefined" ? false : retryOnce,
      },
      dehydrate: {
        serializeData: superjson.serialize,
        // A page is sent before its data is there. It carries the promise, which is fulfilled in the browser.
        shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === "pending",
        // Next.js hides server errors from the browser itself, and needs its own errors unchanged.
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
 * A prefetch that fails on the server reaches the browser as a bare rejection without a reason. If the page already
 * waits for it, the browser sends the query itself and gets the reason. The layout and the page may both pass on such a
 * rejection, so one attempt is not always enough; three are, also if the browser's own answer has no reason.
 */
function askForItself(error: Error, query: Query<unknown, unknown>): void {
  const { errorUpdateCount, dataUpdateCount } = query.state;
  const saysNothing = codeOf(error) === "UNKNOWN";
  const mayAsk = dataUpdateCount === 0 && errorUpdateCount <= 3;
  if (saysNothing && mayAsk && query.isActive()) query.fetch().catch(() => {});
}
