import { initTRPC, TRPCError } from "@trpc/server";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { Cache, CacheEvent } from "@/server/cache";
import { createCache } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import type { Instrument } from "@/server/context/build";
import { createContextRouter } from "@/server/context/router";
import { defineSection } from "@/server/context/section";

// An application that shares nothing with Clarify but the module.

interface Store {
  profile(userId: string): Promise<{ fullName: string; joinedOn: Date }>;
  tasks(userId: string, projectId: string): Promise<{ id: string; title: string; dueOn: Date }[]>;
}

interface World {
  cache: Cache;
  user: { id: string } | null;
  store: Store;
}

const t = initTRPC.context<World>().create();
const signedIn = t.procedure.use(({ ctx, next }) => {
  if (ctx.user === null) throw new TRPCError({ code: "UNAUTHORIZED" });
  return next({ ctx: { user: ctx.user } });
});

type Loader = { user: { id: string }; store: Store };
const policy = { ttlMs: 60_000, version: 1 };

const profile = defineSection({
  name: "profile",
  heading: "Who they are",
  empty: "Nothing is known.",
  policy,
  load: (ctx: Loader) => ctx.store.profile(ctx.user.id),
  items: ({ fullName, joinedOn }) => [
    { id: "name", label: fullName, text: `${fullName}, since ${joinedOn.getUTCFullYear()}` },
  ],
});

const tasks = defineSection({
  name: "tasks",
  heading: "Open tasks",
  empty: "No task is open.",
  policy,
  input: z.object({ projectId: z.string().trim().min(1) }),
  itemsInput: z.object({ taskId: z.string().optional() }),
  load: (ctx: Loader, { input }) => ctx.store.tasks(ctx.user.id, input.projectId),
  items: (rows, { taskId }) =>
    rows.filter(({ id }) => id !== taskId).map(({ id, title }) => ({ id, label: title, text: title })),
});

const sections = [profile, tasks] as const;

function openWorld(instrument?: Instrument<Loader & { cache: Cache }, "profile" | "tasks", unknown>) {
  const context = createContextRouter({
    procedure: signedIn,
    sections,
    budget: 1_000,
    ...(instrument && { instrument }),
  });
  const appRouter = t.router({ nested: t.router({ context: context.router }) });
  const settled: Promise<void>[] = [];
  const events: CacheEvent[] = [];
  const cache = createCache({
    store: memory(),
    background: { run: (_name, task) => void settled.push(task()) },
    observer: (event) => void events.push(event),
  });
  const store = {
    profile: vi.fn(async (userId: string) => ({ fullName: `Ms ${userId}`, joinedOn: new Date(0) })),
    tasks: vi.fn(async (_userId: string, projectId: string) =>
      ["a", "b"].map((id) => ({ id, title: `Task ${id} of ${projectId}`, dueOn: new Date(0) })),
    ),
  } satisfies Store;
  const as = (id: string | null) =>
    t.createCallerFactory(appRouter)({ cache, store, user: id === null ? null : { id } }).nested.context;
  return {
    context,
    as,
    store,
    ctxOf: (id: string) => ({ cache, store, user: { id } }),
    stored: () => Promise.all(settled),
    /** The outcomes of the reads so far, by key. */
    reads: () => events.splice(0).flatMap((event) => (event.type === "read" ? [`${event.key} ${event.outcome}`] : [])),
  };
}

const sourcesOf = ({ sections: reports }: { sections: { name: string; source: string }[] }) =>
  Object.fromEntries(reports.map(({ name, source }) => [name, source]));

describe("a context router", () => {
  it("has a query for each section, whose rows arrive as they were loaded", async () => {
    const { as, stored, store } = openWorld();
    const cold = await as("noa").tasks({ projectId: "p1" });
    await stored();
    const warm = await as("noa").tasks({ projectId: "p1" });
    expect(cold).toEqual([
      { id: "a", title: "Task a of p1", dueOn: new Date(0) },
      { id: "b", title: "Task b of p1", dueOn: new Date(0) },
    ]);
    expect(warm).toEqual(cold);
    expect(store.tasks).toHaveBeenCalledTimes(1);
  });

  it("reads all sections for `get`, over the entries of their queries", async () => {
    const { as, stored } = openWorld();
    await as("noa").profile();
    await stored();
    const context = await as("noa").get({ projectId: "p1" });
    expect(sourcesOf(context)).toEqual({ profile: "fresh", tasks: "loaded" });
    expect(context.text).toContain("## Who they are\n- Ms noa, since 1970");
    expect(context.text).toContain("## Open tasks\n- Task a of p1\n- Task b of p1");
  });

  it("builds in process what `get` answers, from the same entries, within its own budget", async () => {
    const { as, context, ctxOf, stored } = openWorld();
    const {
      buildMs: _buildMs,
      warmForMs: _warmForMs,
      sections: reports,
      ...got
    } = await as("noa").get({ projectId: "p1" });
    await stored();
    const built = await context.build(ctxOf("noa"), { projectId: "p1" });
    expect(built).toMatchObject(got);
    expect(sourcesOf(built)).toEqual({ profile: "fresh", tasks: "fresh" });
    const small = await context.build(ctxOf("noa"), { projectId: "p1" }, { budget: built.tokens - 1 });
    expect(small.sections.map(({ itemsIncluded }) => itemsIncluded)).toEqual([1, 1]);
    expect(small.budget).toBe(built.tokens - 1);
    expect(reports).toHaveLength(2);
  });

  it("keys a section by the person and its own parsed input only", async () => {
    const { as, reads } = openWorld();
    await as("noa").get({ projectId: "p1" });
    await as("noa").get({ projectId: " p1 ", taskId: "a" });
    await as("noa").tasks(Object.assign({ projectId: "p1" }, { undeclared: 1 }));
    const keys = reads().map((read) => read.split(" ")[0] ?? "");
    expect(keys.filter((key) => key.startsWith("ctx:profile"))).toEqual(["ctx:profile:{noa}", "ctx:profile:{noa}"]);
    const ofTasks = keys.filter((key) => key.startsWith("ctx:tasks"));
    expect(ofTasks).toHaveLength(3);
    expect(new Set(ofTasks).size).toBe(1);
    expect(ofTasks[0]).toMatch(/^ctx:tasks:\{noa\}:[\w-]{22}$/);

    await as("noa").get({ projectId: "p2" });
    await as("dan").get({ projectId: "p1" });
    expect(new Set(reads().map((read) => read.split(" ")[0])).size).toBe(4);
  });

  it("keeps a shared section once for all callers with the same input, until one of them changes it", async () => {
    const { ctxOf, stored, store } = openWorld();
    const shared = createContextRouter({
      procedure: signedIn,
      sections: [profile, { ...tasks, scope: "shared" }],
      budget: 1_000,
    });
    const build = async (id: string, projectId: string) => {
      const built = await shared.build(ctxOf(id), { projectId });
      await stored();
      return sourcesOf(built);
    };
    expect(await build("noa", "p1")).toEqual({ profile: "loaded", tasks: "loaded" });
    expect(await build("dan", "p1")).toEqual({ profile: "loaded", tasks: "fresh" });
    expect(await build("dan", "p2")).toEqual({ profile: "fresh", tasks: "loaded" });
    expect(store.tasks).toHaveBeenCalledTimes(2);

    const { cache } = ctxOf("dan");
    const keys = await shared.keys(ctxOf("dan"), { sections: ["tasks"], projectId: "p1" });
    await cache.write(keys, async () => undefined);
    expect(await build("noa", "p1")).toEqual({ profile: "fresh", tasks: "loaded" });
    expect(await build("noa", "p2")).toEqual({ profile: "fresh", tasks: "fresh" });
  });

  it("applies `itemsInput` to the lines, after the cache", async () => {
    const { as, stored } = openWorld();
    await as("noa").get({ projectId: "p1" });
    await stored();
    for (const [taskId, labels] of [
      ["a", ["Task b of p1"]],
      [undefined, ["Task a of p1", "Task b of p1"]],
      ["a", ["Task b of p1"]],
      ["b", ["Task a of p1"]],
    ] as const) {
      const context = await as("noa").get({ projectId: "p1", taskId });
      expect(sourcesOf(context)).toEqual({ profile: "fresh", tasks: "fresh" });
      expect(context.sections[1]?.items.map(({ label }) => label)).toEqual(labels);
    }
  });

  it("gives every caller a context of its own, whatever another has done with theirs", async () => {
    const { context, ctxOf, stored } = openWorld();
    const build = async () => {
      const { buildMs: _buildMs, warmForMs: _warmForMs, ...built } = await context.build(ctxOf("noa"), input);
      return built;
    };
    const input = { projectId: "p1" };
    await build();
    await stored();
    await build();
    const [first, untouched] = [await build(), structuredClone(await build())];
    for (const { items } of first.sections) {
      for (const item of items) Object.assign(item, { label: "gone", text: "gone", tokens: 0, included: false });
      items.length = 0;
    }
    expect(await build()).toMatchObject({ text: untouched.text, tokens: untouched.tokens });
    expect((await build()).sections.map(({ items }) => items)).toEqual(untouched.sections.map(({ items }) => items));
  });

  it("invalidates the named sections of one person and input, and all of them otherwise", async () => {
    const { as, stored } = openWorld();
    const warm = async (id: string, projectId: string) => {
      const context = await as(id).get({ projectId });
      await stored();
      return sourcesOf(context);
    };
    await Promise.all([warm("noa", "p1"), warm("noa", "p2"), warm("dan", "p1")]);
    expect(await as("noa").invalidate({ sections: ["tasks"], projectId: "p1" })).toEqual({ invalidated: ["tasks"] });
    expect(await warm("noa", "p1")).toEqual({ profile: "fresh", tasks: "loaded" });
    expect(await warm("noa", "p2")).toEqual({ profile: "fresh", tasks: "fresh" });
    expect(await warm("dan", "p1")).toEqual({ profile: "fresh", tasks: "fresh" });
    await as("noa").invalidate({ projectId: "p1" });
    expect(await warm("noa", "p1")).toEqual({ profile: "loaded", tasks: "loaded" });
  });

  it("returns the keys that a write outdates", async () => {
    const { as, context, ctxOf, stored } = openWorld();
    await as("noa").get({ projectId: "p1" });
    await stored();
    const keys = await context.keys(ctxOf("noa"), { sections: ["tasks"], projectId: "p1" });
    await ctxOf("noa").cache.write(keys, async () => undefined);
    expect(sourcesOf(await as("noa").get({ projectId: "p1" }))).toEqual({ profile: "fresh", tasks: "loaded" });
  });

  it("leaves out a section that cannot be read, gives the reason, and reads it again the next time", async () => {
    const { as, store } = openWorld();
    store.tasks.mockRejectedValueOnce(new Error("the database is down"));
    store.profile.mockRejectedValueOnce(new DOMException("too late", "TimeoutError"));
    const context = await as("noa").get({ projectId: "p1" });
    expect(context.sections.map(({ missingReason }) => missingReason)).toEqual(["timeout", "unavailable"]);
    expect(sourcesOf(await as("noa").get({ projectId: "p1" }))).toEqual({ profile: "loaded", tasks: "loaded" });
  });

  it.each([undefined, null, {}, { projectId: " " }, { projectId: 7 }])("refuses %j as an input", async (input) => {
    const { as, context, ctxOf, store } = openWorld();
    const wrong = input as { projectId: string };
    await expect(as("noa").get(wrong)).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(as("noa").tasks(wrong)).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(as("noa").invalidate(wrong)).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(context.build(ctxOf("noa"), wrong)).rejects.toMatchObject({ code: "BAD_REQUEST" });
    expect(store.tasks).not.toHaveBeenCalled();
  });

  it("refuses callers that its procedure refuses, also when the answer is in the cache", async () => {
    const { as, stored } = openWorld();
    await as("noa").get({ projectId: "p1" });
    await stored();
    await expect(as(null).get({ projectId: "p1" })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    await expect(as(null).profile()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    await expect(as(null).invalidate({ projectId: "p1" })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });

  it("calls its instrument for each build and each load", async () => {
    const loads: string[] = [];
    const builds: unknown[] = [];
    const { as, stored, store } = openWorld({
      async build(run, { ctx, input }) {
        const build = await run();
        builds.push([ctx.user.id, input, build.loadMs === null, build.failures.map(({ section }) => section)]);
        return build;
      },
      load(run, { section }) {
        loads.push(section);
        return run();
      },
    });
    store.tasks.mockRejectedValueOnce(new Error("the database is down"));
    await as("noa").get({ projectId: "p1" });
    await stored();
    await as("noa").tasks({ projectId: "p1" });
    await stored();
    await as("noa").get({ projectId: "p1" });
    expect(loads).toEqual(["profile", "tasks", "tasks"]);
    expect(builds).toEqual([
      ["noa", { projectId: "p1" }, false, ["tasks"]],
      ["noa", { projectId: "p1" }, true, []],
    ]);
  });
});

describe("a context router whose procedure has an input of its own", () => {
  const member = signedIn.input(z.object({ teamId: z.string() })).use(({ input, next }) => {
    if (input.teamId !== "ours") throw new TRPCError({ code: "FORBIDDEN" });
    return next();
  });

  it("requires it everywhere, and leaves it out of the keys", async () => {
    const context = createContextRouter({ procedure: member, sections: [profile, tasks], budget: 1_000 });
    const cache = createCache({ store: memory() });
    const store: Store = { profile: async () => ({ fullName: "Noa", joinedOn: new Date(0) }), tasks: async () => [] };
    const ctx = { cache, store, user: { id: "noa" } };
    const caller = t.createCallerFactory(context.router)(ctx);
    expect((await caller.profile({ teamId: "ours" })).fullName).toBe("Noa");
    await vi.waitFor(async () => {
      const { sections: reports } = await context.build(ctx, { projectId: "p1" });
      expect(reports[0]?.source).toBe("fresh");
    });
    await expect(caller.get({ teamId: "theirs", projectId: "p1" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(caller.invalidate({ teamId: "ours", projectId: "p1" })).resolves.toEqual({
      invalidated: ["profile", "tasks"],
    });
  });
});
