import { globSync, readFileSync } from "node:fs";
import { InfiniteQueryObserver, infiniteQueryOptions, QueryClient } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import { writeCached } from "@/components/trpc/query-cache";

interface Page {
  items: string[];
}

/** A list whose answers are held until the test releases them, oldest first. */
function heldList() {
  const held: ((items: string[]) => void)[] = [];
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const options = infiniteQueryOptions({
    queryKey: ["list"],
    queryFn: () => new Promise<Page>((resolve) => held.push((items) => resolve({ items }))),
    initialPageParam: "first",
    getNextPageParam: () => null,
  });
  const answer = async (items: string[]) => {
    await vi.waitFor(() => expect(held).not.toEqual([]));
    held.shift()?.(items);
  };
  const shown = () => queryClient.getQueryData(options.queryKey)?.pages.flatMap(({ items }) => items);
  const add = (item: string) =>
    writeCached(
      queryClient,
      options.queryKey,
      (data) => data && { ...data, pages: data.pages.map(({ items }) => ({ items: [...items, item] })) },
    );
  return { queryClient, options, held, answer, shown, add };
}

describe("a write into the query cache", () => {
  it("is not overwritten by a read that was answered before it, and reads again what is shown", async () => {
    const { queryClient, options, held, answer, shown, add } = heldList();
    const stop = new InfiniteQueryObserver(queryClient, options).subscribe(() => {});
    await answer(["a"]);
    await vi.waitFor(() => expect(shown()).toEqual(["a"]));

    void queryClient.invalidateQueries({ queryKey: options.queryKey });
    await vi.waitFor(() => expect(held).toHaveLength(1));
    add("b");
    expect(shown()).toEqual(["a", "b"]);
    await answer(["a"]);
    await answer(["a", "b", "c"]);
    await vi.waitFor(() => expect(shown()).toEqual(["a", "b", "c"]));
    stop();
  });

  it("makes a first read under way begin again", async () => {
    const { queryClient, options, held, answer, shown, add } = heldList();
    const stop = new InfiniteQueryObserver(queryClient, options).subscribe(() => {});
    await vi.waitFor(() => expect(held).toHaveLength(1));
    add("b");
    await answer(["a"]);
    await answer(["a", "b"]);
    await vi.waitFor(() => expect(shown()).toEqual(["a", "b"]));
    stop();
  });

  it("requests nothing when no read was under way", async () => {
    const { queryClient, options, held, answer, shown, add } = heldList();
    const stop = new InfiniteQueryObserver(queryClient, options).subscribe(() => {});
    await answer(["a"]);
    await vi.waitFor(() => expect(shown()).toEqual(["a"]));
    add("b");
    await Promise.resolve();
    expect(queryClient.isFetching()).toBe(0);
    expect(held).toEqual([]);
    stop();
  });
});

it("is the only way to write to the query cache", () => {
  const around = /\.(setQueryData|setQueriesData|setData|setInfiniteData)\b/;
  const files = globSync("{app,components}/**/*.{ts,tsx}");
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => around.test(readFileSync(file, "utf8")))).toEqual(["components/trpc/query-cache.ts"]);
});
