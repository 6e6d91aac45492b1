import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { httpBatchLink } from "@trpc/client";
import { renderToString } from "react-dom/server";
import superjson from "superjson";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createCache } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import { GET, POST } from "../../../examples/use-in-your-app/app/api/trpc/[trpc]/route";
import { MeetingLink } from "../../../examples/use-in-your-app/client/meeting-link";
import { trpc } from "../../../examples/use-in-your-app/client/trpc";
import { useWarmContext } from "../../../examples/use-in-your-app/client/use-warm-context";
import type { PracticeStore } from "../../../examples/use-in-your-app/server/practice-store";
import { appRouter } from "../../../examples/use-in-your-app/server/root";
import { createCallerFactory } from "../../../examples/use-in-your-app/server/trpc";
import { store as practice } from "../../../examples/use-in-your-app/server/your-app";

const ADA = "session=a-session-of-ada";
const SECTIONS = ["client", "goals", "meetings", "observations"] as const;

/** The example's router over its own store, with the calls of the store counted. */
function openPractice() {
  const calls: string[] = [];
  const counted = new Proxy(practice, {
    get(target, name: keyof PracticeStore) {
      calls.push(name);
      return target[name];
    },
  });
  const settled: Promise<void>[] = [];
  const reads: { key: string; outcome: string }[] = [];
  const cache = createCache({
    observer: (event) => void (event.type === "read" && reads.push(event)),
    store: memory(),
    background: { run: (_name, task) => void settled.push(task()) },
  });
  const as = (id: string | null) =>
    createCallerFactory(appRouter)({
      cache,
      store: counted,
      user: id === null ? null : { id },
    });
  return {
    as,
    calls,
    outcomes: () => reads.splice(0).map(({ key, outcome }) => `${key.slice(0, key.lastIndexOf(":"))} ${outcome}`),
    stored: () => Promise.all(settled),
  };
}

describe("another app's router", () => {
  it("loads its own sections, then finds them in the cache", async () => {
    const { as, calls, outcomes, stored } = openPractice();
    const cold = await as("ada").clarifyContext.get({ meetingId: null });
    await stored();
    expect(calls.sort()).toEqual(["client", "goals", "meetings", "observations"]);
    expect(outcomes().sort()).toEqual(SECTIONS.map((name) => `ctx:${name} loaded`).sort());
    expect(cold.text).toContain("Ada Stone");
    expect(cold.text).toContain("Decides quickly, and regrets slowly");

    const warm = await as("ada").clarifyContext.get({ meetingId: "m1" });
    expect(warm.sections.map(({ source }) => source)).toEqual(SECTIONS.map(() => "fresh"));
    expect(warm.text).not.toContain("The move");
    expect(calls).toHaveLength(4);
  });

  it("invalidates what it is told to, for one person", async () => {
    const { as, outcomes, stored } = openPractice();
    await Promise.all([as("ada").clarifyContext.get({ meetingId: null }), as("ben").clarifyContext.goals()]);
    await stored();
    await as("ada").clarifyContext.invalidate({ sections: ["goals"] });
    outcomes();
    await as("ada").clarifyContext.get({ meetingId: null });
    await as("ben").clarifyContext.goals();
    expect(outcomes().filter((read) => !read.endsWith("fresh"))).toEqual(["ctx:goals loaded"]);
  });

  it("shows a write to the very next read, in the context and in a query of its own", async () => {
    const { as, outcomes, stored } = openPractice();
    const noa = as("noa");
    expect(await noa.goals.summary()).toEqual({ total: 0, newest: null });
    await noa.clarifyContext.get({ meetingId: null });
    await stored();
    expect(await noa.goals.summary()).toEqual({ total: 0, newest: null });
    await noa.goals.add({ title: "Swim to the island" });
    expect(await noa.goals.summary()).toEqual({ total: 1, newest: "Swim to the island" });
    expect((await noa.clarifyContext.get({ meetingId: null })).text).toContain("Swim to the island");
    expect(outcomes()).toEqual([
      "goals:summary loaded",
      ...SECTIONS.map((name) => `ctx:${name} loaded`),
      "goals:summary fresh",
      "goals:summary loaded",
      ...SECTIONS.map((name) => `ctx:${name} ${name === "goals" ? "loaded" : "fresh"}`).sort(
        (left, right) => Number(left.endsWith("loaded")) - Number(right.endsWith("loaded")),
      ),
    ]);
  });

  it("refuses whoever is not signed in", async () => {
    const { as } = openPractice();
    await expect(as(null).clarifyContext.get({ meetingId: null })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });
});

/** The example's browser side, its requests answered by its own route handler. */
function openBrowser() {
  const requested: string[] = [];
  const queryClient = new QueryClient();
  const client = trpc.createClient({
    links: [
      httpBatchLink({
        url: "http://localhost/api/trpc",
        transformer: superjson,
        headers: { cookie: ADA },
        async fetch(input, { signal: _ours, ...init } = {}) {
          const request = new Request(String(input), init);
          requested.push(new URL(request.url).pathname.replace("/api/trpc/", ""));
          return request.method === "GET" ? GET(request) : POST(request);
        },
      }),
    ],
  });
  let warm = (_input: { meetingId: string | null }): void => {
    throw new Error("The hook did not run");
  };
  function Probe() {
    warm = useWarmContext();
    return <MeetingLink id="m1" topic="The move" />;
  }
  const html = renderToString(
    <trpc.Provider client={client} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        <Probe />
      </QueryClientProvider>
    </trpc.Provider>,
  );
  const idle = () => vi.waitFor(() => expect(queryClient.isFetching()).toBe(0));
  return { html, requested, client, warm: (meetingId: string) => warm({ meetingId }), idle };
}

describe("another app's browser side", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("has the context ready before it is asked for, once, through its own route handler", async () => {
    vi.stubGlobal("navigator", {});
    vi.stubGlobal("document", { hidden: false });
    const { html, requested, client, warm, idle } = openBrowser();
    expect(html).toContain('href="/meetings/m1"');
    warm("m1");
    warm("m1");
    await idle();
    expect(requested).toEqual(["clarifyContext.get"]);
    // What the page, or the message, then asks for is in the server's cache.
    const { sections } = await client.clarifyContext.get.query({ meetingId: "m1" });
    expect(sections.map(({ source }) => source)).toEqual(SECTIONS.map(() => "fresh"));
  });

  it("warms nothing behind the person's back", async () => {
    vi.stubGlobal("navigator", {});
    vi.stubGlobal("document", { hidden: true });
    const { requested, warm, idle } = openBrowser();
    warm("m1");
    await idle();
    expect(requested).toEqual([]);
  });
});
