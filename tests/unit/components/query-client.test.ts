import { dehydrate, hydrate, InfiniteQueryObserver, QueryObserver } from "@tanstack/react-query";
import { TRPCClientError } from "@trpc/client";
import { describe, expect, it, vi } from "vitest";
import { describeError } from "@/components/trpc/errors";
import { createQueryClient } from "@/components/trpc/query-client";
import { english } from "../../support/english";

const notFound = TRPCClientError.from({
  error: { message: "No such thing.", code: -32004, data: { code: "NOT_FOUND", httpStatus: 404, requestId: "r1" } },
});

/** What the browser receives of a page whose prefetch of `key` is still running, and how that ends. */
function prefetched(key: string, infinite: boolean) {
  const server = createQueryClient();
  const { promise, reject, resolve } = Promise.withResolvers<unknown>();
  const options = { queryKey: [key], queryFn: () => promise };
  void (infinite
    ? server.prefetchInfiniteQuery({ ...options, initialPageParam: null })
    : server.prefetchQuery(options));
  const browser = createQueryClient();
  const dehydrated = dehydrate(server);
  hydrate(browser, dehydrated);
  return { browser, dehydrated, reject, resolve };
}

describe("a query client with a prefetch that is still running", () => {
  it("takes the data when it arrives, and does not ask itself", async () => {
    const { browser, resolve } = prefetched("a", false);
    const queryFn = vi.fn();
    const observer = new QueryObserver(browser, { queryKey: ["a"], queryFn });
    const stop = observer.subscribe(() => {});
    resolve({ at: new Date(0) });
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toEqual({ at: new Date(0) }));
    expect(queryFn).not.toHaveBeenCalled();
    stop();
  });

  it.each([false, true])(
    "asks once itself when the prefetch fails, and keeps what it is told (infinite: %s)",
    async (infinite) => {
      const { browser, reject } = prefetched("b", infinite);
      const queryFn = vi.fn(() => Promise.reject(notFound));
      const options = { queryKey: ["b"], queryFn };
      const observer = infinite
        ? new InfiniteQueryObserver(browser, { ...options, initialPageParam: null, getNextPageParam: () => null })
        : new QueryObserver(browser, options);
      const stop = observer.subscribe(() => {});
      reject(new Error("hidden from the browser"));
      await vi.waitFor(() => expect(observer.getCurrentResult().error).toBe(notFound));
      expect(queryFn).toHaveBeenCalledOnce();
      stop();
    },
  );

  it("asks although the same rejection was passed on before anybody waited for it", async () => {
    const { browser, reject, dehydrated } = prefetched("d", true);
    reject(new Error("hidden from the browser"));
    await vi.waitFor(() => expect(browser.getQueryState(["d"])?.status).toBe("error"));
    const queryFn = vi.fn(() => Promise.reject(notFound));
    const options = { queryKey: ["d"], queryFn, initialPageParam: null, getNextPageParam: () => null };
    const observer = new InfiniteQueryObserver(browser, { ...options, retryOnMount: false });
    const stop = observer.subscribe(() => {});
    hydrate(browser, dehydrated);
    await vi.waitFor(() => expect(observer.getCurrentResult().error).toBe(notFound));
    stop();
  });

  it("does not ask again after the prefetch itself has waited in vain", async () => {
    const { browser, reject } = prefetched("e", true);
    const queryFn = vi.fn();
    const options = { queryKey: ["e"], queryFn, initialPageParam: null, getNextPageParam: () => null };
    const observer = new InfiniteQueryObserver(browser, options);
    const stop = observer.subscribe(() => {});
    // As Next.js passes it on.
    reject(Object.assign(new Error("hidden from the browser"), { digest: "database-timeout" }));
    await vi.waitFor(() => expect(observer.getCurrentResult().isError).toBe(true));
    expect(describeError(observer.getCurrentResult().error, english.words)).toMatchObject({
      code: "GATEWAY_TIMEOUT",
      message: "The database did not answer in time. Please try again.",
    });
    expect(queryFn).not.toHaveBeenCalled();
    stop();
  });

  it("stops asking when the browser's own answer has no reason either", async () => {
    const { browser, reject } = prefetched("c", false);
    const queryFn = vi.fn(() => Promise.reject(new Error("a fault of ours")));
    const observer = new QueryObserver(browser, { queryKey: ["c"], queryFn });
    const stop = observer.subscribe(() => {});
    reject(new Error("hidden from the browser"));
    await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(3));
    await vi.waitFor(() => expect(observer.getCurrentResult().error?.message).toBe("a fault of ours"));
    expect(queryFn).toHaveBeenCalledTimes(3);
    stop();
  });
});
