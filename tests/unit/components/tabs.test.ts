import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, it, vi } from "vitest";
import { outdate } from "@/components/trpc/query-cache";
import { createTabs } from "@/components/trpc/tabs";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function openTab(userId: string) {
  const tabs = createTabs(userId);
  const heard = { onChanged: vi.fn(), onGone: vi.fn() };
  const close = tabs.open(heard);
  closing.push(close);
  return { tabs, close, ...heard };
}

/** Two more tabs, whose messages arrive after all earlier ones. */
async function everythingArrived(userId: string) {
  const [from, to] = [openTab(userId), openTab(userId)];
  from.tabs.changed("the.last");
  await vi.waitFor(() => expect(to.onChanged).toHaveBeenCalledWith("the.last"));
  from.close();
  to.close();
}

it("a change reaches the other tabs of the same person, but not the tab that made it", async () => {
  const [first, second] = [openTab("maya"), openTab("maya")];
  first.tabs.changed("dreams.update");
  await vi.waitFor(() => expect(second.onChanged).toHaveBeenCalledWith("dreams.update"));
  expect(first.onChanged).not.toHaveBeenCalled();
  expect(second.onGone).not.toHaveBeenCalled();
});

it("signing out empties the person's other tabs, also when the tab that did it is already closing", async () => {
  const [first, second] = [openTab("maya"), openTab("maya")];
  first.close();
  first.tabs.signedOut();
  await vi.waitFor(() => expect(second.onGone).toHaveBeenCalledOnce());
});

it("a tab closes when another person signs in at the same browser, and gets none of their changes", async () => {
  const maya = openTab("maya");
  const noa = openTab("noa");
  await vi.waitFor(() => expect(maya.onGone).toHaveBeenCalledOnce());
  noa.tabs.changed("dreams.update");
  await everythingArrived("noa");
  expect(maya.onChanged).not.toHaveBeenCalled();
});

function watched(queryClient: QueryClient, queryKey: unknown[]) {
  const queryFn = vi.fn(() => Promise.resolve("answer"));
  const observer = new QueryObserver(queryClient, { queryKey, queryFn, staleTime: Number.POSITIVE_INFINITY });
  closing.push(observer.subscribe(() => {}));
  return queryFn;
}

it.each([
  { procedure: "dreams.update", again: ["dreams.list", "clarifyContext.get"] },
  { procedure: "reflections.create", again: ["reflections.list", "clarifyContext.get"] },
  { procedure: "messages.send", again: ["dreams.list", "sessions.list", "clarifyContext.get"] },
  {
    procedure: "knowledge.forget",
    again: ["dreams.list", "reflections.list", "sessions.list", "clarifyContext.get"],
  },
  { procedure: "messages.prewarm", again: [] },
])("after $procedure elsewhere, $again are asked for again", async ({ procedure, again }) => {
  const queryClient = new QueryClient();
  const paths = ["dreams.list", "reflections.list", "sessions.list", "clarifyContext.get"];
  const asked = paths.map((path) => ({ path, queryFn: watched(queryClient, [path.split("."), { type: "query" }]) }));
  await vi.waitFor(() => expect(queryClient.isFetching()).toBe(0));

  outdate(queryClient, procedure, false);
  await vi.waitFor(() => expect(queryClient.isFetching()).toBe(0));
  expect(asked.filter(({ queryFn }) => queryFn.mock.calls.length === 2).map(({ path }) => path)).toEqual(again);
});

it("a hidden tab requests nothing until it is visible again", async () => {
  const queryClient = new QueryClient();
  const queryKey = [["clarifyContext", "get"], { type: "query" }];
  const queryFn = watched(queryClient, queryKey);
  await vi.waitFor(() => expect(queryClient.isFetching()).toBe(0));
  outdate(queryClient, "dreams.update", true);
  expect(queryFn).toHaveBeenCalledOnce();
  expect(queryClient.getQueryState(queryKey)?.isInvalidated).toBe(true);
});
