import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { TRPCLink } from "@trpc/client";
import { createTRPCClient, unstable_localLink as localLink } from "@trpc/client";
import { createTRPCReact } from "@trpc/react-query";
import { createHydrationHelpers } from "@trpc/react-query/rsc";
import { initTRPC } from "@trpc/server";
import { createTRPCContext, createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import superjson from "superjson";
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { z } from "zod";
import type { Cache } from "@/server/cache";
import { createTestCache, settle } from "@/server/cache/testing";
import { prefetchContext } from "@/server/context/prefetch";
import { contextStaleTime, createWarmContext, mayWarm, onIntent } from "@/server/context/react";
import { createContextRouter } from "@/server/context/router";
import { defineSection } from "@/server/context/section";

const MINUTE = 60_000;

interface World {
  cache: Cache;
  user: { id: string };
  broken: boolean;
}

const t = initTRPC.context<World>().create({ transformer: superjson });

function section<Name extends string>(name: Name, minutes: number) {
  return defineSection({
    name,
    heading: name,
    empty: "None.",
    policy: { ttlMs: minutes * MINUTE, version: 1, failSafeMs: 60 * MINUTE },
    async load({ broken }: World) {
      if (broken) throw new Error("The database is away");
      return [name];
    },
    items: (rows) => rows.map((id) => ({ id, label: id, text: id })),
  });
}

const tasks = { ...section("tasks", 2), itemsInput: z.object({ projectId: z.string() }) };
const context = createContextRouter({ procedure: t.procedure, sections: [section("member", 10), tasks], budget: 100 });
const appRouter = t.router({ context: context.router });
type AppRouter = typeof appRouter;

function openWorld() {
  const test = createTestCache();
  const world: World = { cache: test.cache, user: { id: "noa" }, broken: false };
  const build = async () => {
    const built = await context.build(world, { projectId: "p1" });
    await test.settled();
    return built;
  };
  return { ...test, world, build };
}

describe("how long a context stays warm", () => {
  it("is until the middle of the last fifth of its shortest-lived section's life", async () => {
    const { build, clock } = openWorld();
    expect((await build()).warmForMs).toBe(1.8 * MINUTE);
    await clock.advance(MINUTE);
    const [member, read] = (await build()).sections;
    expect([member?.source, read?.source]).toEqual(["fresh", "fresh"]);
    expect((await build()).warmForMs).toBe(0.8 * MINUTE);
  });

  it("counts an entry that is being refreshed as new, so that asking again in time always finds it in the cache", async () => {
    const { build, clock } = openWorld();
    await build();
    await clock.advance(1.7 * MINUTE);
    const built = await build();
    expect(built.sections.map(({ source }) => source)).toEqual(["fresh", "aging"]);
    expect(built.warmForMs).toBe(1.8 * MINUTE);

    const sources = new Set<string>();
    let { warmForMs } = built;
    for (let round = 0; round < 50; round += 1) {
      await clock.advance(warmForMs);
      const again = await build();
      for (const { source } of again.sections) sources.add(source);
      warmForMs = again.warmForMs;
    }
    expect(sources).toEqual(new Set(["fresh", "aging"]));
  });

  it("is 0 if a section is missing, or an older copy", async () => {
    const { build, clock, world } = openWorld();
    world.broken = true;
    expect((await build()).warmForMs).toBe(0);
    world.broken = false;
    await build();
    world.broken = true;
    await clock.advance(3 * MINUTE);
    const built = await build();
    expect(built.sections.map(({ source }) => source)).toEqual(["fresh", "fallback"]);
    expect(built.warmForMs).toBe(0);
  });
});

/** A page whose requests go directly to the router; `fail` makes them fail. */
function openPage() {
  const { world } = openWorld();
  const requests: string[] = [];
  const state = { fail: false };
  const counting: TRPCLink<AppRouter> = () => {
    return ({ op, next }) => {
      requests.push(op.path);
      return next(state.fail ? { ...op, path: "context.nothing" } : op);
    };
  };
  const links = [counting, localLink({ router: appRouter, createContext: async () => world, transformer: superjson })];
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  async function idle() {
    while (queryClient.isFetching() > 0) await settle();
  }
  return { links, queryClient, requests, state, idle };
}

type Page = ReturnType<typeof openPage>;
type Warm = (input: { projectId: string }) => void;

const reactQuery = createTRPCReact<AppRouter>();
const useWarmOfReactQuery = createWarmContext(() => reactQuery.useUtils().context);

function withReactQuery({ links, queryClient }: Page): Warm {
  const client = reactQuery.createClient({ links });
  return hookIn(useWarmOfReactQuery, (children) => (
    <reactQuery.Provider client={client} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </reactQuery.Provider>
  ));
}

const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();
const useWarmOfTanstack = createWarmContext(() => useTRPC().context);

function withTanstack({ links, queryClient }: Page): Warm {
  const client = createTRPCClient<AppRouter>({ links });
  return hookIn(useWarmOfTanstack, (children) => (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  ));
}

function hookIn<T>(useIt: () => T, around: (children: ReactNode) => ReactNode): T {
  const seen: T[] = [];
  function Probe() {
    seen.push(useIt());
    return null;
  }
  renderToString(around(<Probe />));
  const [first] = seen;
  if (first === undefined) throw new Error("The hook did not run");
  return first;
}

describe.each([
  ["@trpc/react-query", withReactQuery],
  ["@trpc/tanstack-react-query", withTanstack],
])("warming a context with %s", (_name, open) => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.stubGlobal("document", { hidden: false });
    vi.stubGlobal("navigator", {});
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("asks once while it is under way and while it is warm, and again after that", async () => {
    const page = openPage();
    const warm = open(page);
    const announced = onIntent(() => warm({ projectId: "p1" }));
    for (const announce of Object.values(announced)) announce();
    await page.idle();
    expect(page.requests).toEqual(["context.get"]);

    vi.advanceTimersByTime(1.8 * MINUTE - 1);
    warm({ projectId: "p1" });
    await page.idle();
    expect(page.requests).toHaveLength(1);
    warm({ projectId: "p2" });
    await page.idle();
    expect(page.requests).toHaveLength(2);

    vi.advanceTimersByTime(1);
    warm({ projectId: "p1" });
    await page.idle();
    expect(page.requests).toHaveLength(3);
  });

  it("asks again at once after the page has marked the context as outdated", async () => {
    const page = openPage();
    const warm = open(page);
    warm({ projectId: "p1" });
    await page.idle();
    await page.queryClient.invalidateQueries();
    warm({ projectId: "p1" });
    await page.idle();
    expect(page.requests).toHaveLength(2);
  });

  it("does not ask again within five seconds of a failure", async () => {
    const page = openPage();
    page.state.fail = true;
    const warm = open(page);
    warm({ projectId: "p1" });
    await page.idle();
    vi.advanceTimersByTime(4_999);
    warm({ projectId: "p1" });
    await page.idle();
    expect(page.requests).toHaveLength(1);
    vi.advanceTimersByTime(1);
    warm({ projectId: "p1" });
    await page.idle();
    expect(page.requests).toHaveLength(2);
  });

  it.each([
    ["in a hidden tab", { hidden: true }, {}],
    ["where data is to be saved", { hidden: false }, { connection: { saveData: true } }],
  ])("asks for nothing %s", async (_where, document, navigator) => {
    vi.stubGlobal("document", document);
    vi.stubGlobal("navigator", navigator);
    const page = openPage();
    expect(mayWarm()).toBe(false);
    open(page)({ projectId: "p1" });
    await page.idle();
    expect(page.requests).toEqual([]);
  });
});

it("knows the input of the context", () => {
  expectTypeOf<Parameters<ReturnType<typeof useWarmOfReactQuery>>>().toEqualTypeOf<[{ projectId: string }]>();
  expectTypeOf<Parameters<ReturnType<typeof useWarmOfTanstack>>>().toEqualTypeOf<[{ projectId: string }]>();
  // @ts-expect-error the router has no `get` that answers with a context
  createWarmContext(() => useTRPC());
});

it("counts a context without data, and one that is not warm, as current for five seconds", () => {
  expect(contextStaleTime({ state: { data: undefined } })).toBe(5_000);
  expect(contextStaleTime({ state: { data: { warmForMs: 0 } } })).toBe(5_000);
  expect(contextStaleTime({ state: { data: { warmForMs: 108_000 } } })).toBe(108_000);
});

const DOCUMENT = { "sec-fetch-dest": "document" };

describe.each([
  ["the hydration helpers of @trpc/react-query", prefetchWithHelpers],
  ["the options proxy of @trpc/tanstack-react-query", prefetchWithProxy],
])("prefetching a context with %s", (_name, prefetch) => {
  it("has it in the query client that the page passes to the browser", async () => {
    const [held] = await prefetch(openWorld().world, DOCUMENT);
    expect(held?.state.data).toMatchObject({ budget: 100, warmForMs: 1.8 * MINUTE });
    expect(held?.queryKey).toEqual([["context", "get"], { input: { projectId: "p1" }, type: "query" }]);
  });

  it.each([
    ["a part of a page that is open", { "sec-fetch-dest": "empty" }],
    ["a browser that saves data", { ...DOCUMENT, "save-data": "on" }],
  ])("does nothing for %s", async (_who, headers) => {
    expect(await prefetch(openWorld().world, headers)).toEqual([]);
  });
});

async function prefetchWithHelpers(world: World, headers: Record<string, string>) {
  const queryClient = new QueryClient();
  const { trpc } = createHydrationHelpers<AppRouter>(t.createCallerFactory(appRouter)(world), () => queryClient);
  await prefetchContext({ context: trpc.context, input: { projectId: "p1" }, headers: new Headers(headers) });
  return queryClient.getQueryCache().getAll();
}

async function prefetchWithProxy(world: World, headers: Record<string, string>) {
  const queryClient = new QueryClient();
  const trpc = createTRPCOptionsProxy({ router: appRouter, ctx: world, queryClient });
  const input = { projectId: "p1" };
  await prefetchContext({ context: trpc.context, input, headers: new Headers(headers), queryClient });
  return queryClient.getQueryCache().getAll();
}
