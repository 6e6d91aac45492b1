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
      /** What the page hands over to the browser. */
      queryClient: QueryClient;
    }
);

/**
 * Begins to build a context while a page is rendered, so that the page brings it along. Only for a page that the browser
 * asks for as a whole, because one that is already open warms the context by itself when its links are pointed at; and
 * not where the browser is to save data. Never rejects: `void` it to stream the page meanwhile, or await it.
 */
export async function prefetchContext<Input, Failure, Key extends QueryKey>(
  call: ContextPrefetch<Input, Failure, Key>,
): Promise<void> {
  const { input, headers } = call;
  if (!isWholePage(headers) || headers.get("save-data") === "on") return;
  if (call.queryClient === undefined) await call.context.get.prefetch(input);
  else await call.queryClient.prefetchQuery(call.context.get.queryOptions(input));
}

/** Whether the browser asks for a page as a whole, and not for a part of one that is open. */
export function isWholePage(headers: RequestHeaders): boolean {
  return headers.get("sec-fetch-dest") !== "empty";
}
