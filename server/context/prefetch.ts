import type { FetchQueryOptions, QueryClient, QueryKey, SkipToken } from "@tanstack/react-query";
import type { BuiltContext } from "./context";

interface RequestHeaders {
  get(name: string): string | null;
}

export type ContextPrefetch<Input, Failure, Key extends QueryKey> = {
  input: Input;
  /** The request's headers, as `await headers()` of Next.js returns them. */
  headers: RequestHeaders;
} & (
  | {
      /** The context router in the helpers of `createHydrationHelpers`, from `@trpc/react-query/rsc`. */
      context: { get: { prefetch(input: Input): Promise<void> } };
      queryClient?: undefined;
    }
  | {
      /** The context router in what `createTRPCOptionsProxy` makes, from `@trpc/tanstack-react-query`. */
      context: {
        get: {
          queryOptions(input: Input | SkipToken): FetchQueryOptions<BuiltContext, Failure, BuiltContext, Key>;
        };
      };
      /** The query client whose state the page passes to the browser. */
      queryClient: QueryClient;
    }
);

/**
 * Begins to build a context while a page is rendered, so that the page arrives with it. It does so only for a page that
 * the browser loads as a whole, because an open page warms the context itself when the person points at its links, and
 * not if the browser is to save data. Never rejects: `void` it to stream the page meanwhile, or await it.
 */
export async function prefetchContext<Input, Failure, Key extends QueryKey>(
  call: ContextPrefetch<Input, Failure, Key>,
): Promise<void> {
  const { input, headers } = call;
  if (!isWholePage(headers) || headers.get("save-data") === "on") return;
  if (call.queryClient === undefined) await call.context.get.prefetch(input);
  else await call.queryClient.prefetchQuery(call.context.get.queryOptions(input));
}

/** Whether the browser loads a whole page, and not a part of one that is open. */
export function isWholePage(headers: RequestHeaders): boolean {
  return headers.get("sec-fetch-dest") !== "empty";
}
