import type { InfiniteData } from "@tanstack/react-query";
import { InfiniteQueryObserver, infiniteQueryOptions, QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { readGrowing } from "@/components/trpc/growing-pages";

interface Page {
  items: { id: string; text: string }[];
  nextCursor: string | null;
}
const PAGE = 3;
const NEWEST: string | null = null;

/** A conversation on a server that returns three messages at a time, and the page's query for it. */
function conversation(count: number) {
  const stored = Array.from({ length: count }, (_, index) => ({ id: String(index + 1), text: "" }));
  const asked: (string | null)[] = [];
  function answer(cursor: string | null): Page {
    asked.push(cursor);
    const end = cursor === null ? stored.length : stored.findIndex(({ id }) => id === cursor);
    const start = Math.max(0, end - PAGE);
    return { items: stored.slice(start, end), nextCursor: start > 0 ? (stored[start]?.id ?? null) : null };
  }
  const queryClient = new QueryClient();
  const queryKey = ["messages"];
  const options = infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, client }) =>
      readGrowing(client.getQueryData<InfiniteData<Page>>(queryKey), pageParam, async () => answer(pageParam)),
    initialPageParam: NEWEST,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const observer = new InfiniteQueryObserver(queryClient, options);
  return {
    stored,
    asked,
    observer,
    say: (id: string) => stored.push({ id, text: "" }),
    shown: () =>
      observer
        .getCurrentResult()
        .data?.pages.toReversed()
        .flatMap(({ items }) => items.map(({ id }) => id)),
    async load(pages: number) {
      await observer.refetch();
      for (let page = 1; page < pages; page += 1) await observer.fetchNextPage();
      asked.length = 0;
    },
  };
}

describe("a long conversation that is read again", () => {
  it("reads only its newest page, and shows new items with all loaded ones", async () => {
    const { observer, asked, say, shown, load } = conversation(9);
    await load(3);
    say("10");
    say("11");
    await observer.refetch();
    expect(asked).toEqual([null]);
    expect(shown()).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]);
    await observer.refetch();
    expect(asked).toEqual([null, null]);
    expect(shown()).toHaveLength(11);
  });

  it("continues with older pages after the last loaded one", async () => {
    const { observer, asked, say, shown, load } = conversation(9);
    await load(2);
    say("10");
    await observer.refetch();
    await observer.fetchNextPage();
    expect(asked).toEqual([null, "4"]);
    expect(shown()).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    expect(observer.getCurrentResult().hasNextPage).toBe(false);
  });

  it("shows the newest messages as they are now", async () => {
    const { observer, stored, load } = conversation(6);
    await load(2);
    stored[5] = { id: "6", text: "gone on with" };
    await observer.refetch();
    expect(observer.getCurrentResult().data?.pages[0]?.items.at(-1)).toEqual({ id: "6", text: "gone on with" });
  });

  it("leaves no gap when more than a page is new", async () => {
    const { observer, say, shown, load } = conversation(6);
    await load(2);
    for (const id of ["7", "8", "9", "10"]) say(id);
    await observer.refetch();
    expect(shown()).toEqual(["5", "6", "7", "8", "9", "10"]);
    await observer.fetchNextPage();
    expect(shown()?.slice(0, 4)).toEqual(["2", "3", "4", "5"]);
  });

  it("begins with the first message of an empty one, and ends with the last of an emptied one", async () => {
    const { observer, stored, say, shown, load } = conversation(0);
    await load(1);
    say("1");
    await observer.refetch();
    expect(shown()).toEqual(["1"]);
    stored.length = 0;
    await observer.refetch();
    expect(shown()).toEqual([]);
  });
});
