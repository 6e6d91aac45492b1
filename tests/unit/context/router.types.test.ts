import { initTRPC } from "@trpc/server";
import { expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { Cache } from "@/server/cache";
import type { BuiltContext } from "@/server/context/context";
import { createContextRouter } from "@/server/context/router";
import { defineSection } from "@/server/context/section";

// What the compiler has to accept and to refuse. The functions here are only checked, never called.

interface World {
  cache: Cache;
  user: { id: string };
  notes: (userId: string) => Promise<{ id: string; writtenOn: Date }[]>;
}

const t = initTRPC.context<World>().create();
const words = { heading: "Notes", empty: "None.", policy: { ttlMs: 1, version: 1 } };

const notes = defineSection({
  ...words,
  name: "notes",
  load: ({ notes: read, user }: Pick<World, "notes" | "user">) => read(user.id),
  items: (rows) => rows.map(({ id }) => ({ id, label: id, text: id })),
});

const tasks = defineSection({
  ...words,
  name: "tasks",
  input: z.object({ projectId: z.coerce.number() }),
  itemsInput: z.object({ taskId: z.string().optional() }),
  load: async (_ctx: { user: { id: string } }, { input }) => ({ doubled: input.projectId * 2 }),
  items: ({ doubled }, { projectId, taskId }) => [{ id: `${projectId}`, label: `${taskId}`, text: `${doubled}` }],
});

const create = () => createContextRouter({ procedure: t.procedure, sections: [notes, tasks], budget: 1 });
const caller = () => t.createCallerFactory(create().router)({} as World);

it("infers names, rows, inputs and results", () => {
  type Caller = ReturnType<typeof caller>;
  expectTypeOf<Caller["notes"]>().returns.resolves.toEqualTypeOf<{ id: string; writtenOn: Date }[]>();
  expectTypeOf<Caller["tasks"]>().returns.resolves.toEqualTypeOf<{ doubled: number }>();
  expectTypeOf<Caller["get"]>().returns.resolves.toEqualTypeOf<BuiltContext<"notes" | "tasks">>();
  expectTypeOf<Caller["get"]>().parameter(0).toExtend<{ taskId?: string | undefined }>();
  expectTypeOf<Caller["invalidate"]>().returns.resolves.toEqualTypeOf<{ invalidated: ("notes" | "tasks")[] }>();
  expectTypeOf<Parameters<Caller["notes"]>[0]>().toBeVoid();
  expectTypeOf<Parameters<ReturnType<typeof create>["build"]>[0]>().toExtend<World>();
});

it("requires no input for `get` if no section has one", () => {
  const only = createContextRouter({ procedure: t.procedure, sections: [notes], budget: 1 });
  const build = (ctx: World) => [only.build(ctx), t.createCallerFactory(only.router)(ctx).get()];
  expectTypeOf(build).toBeFunction();
});

it("refuses two sections with the same name, and reserved names", () => {
  // @ts-expect-error the name "notes" is taken
  createContextRouter({ procedure: t.procedure, sections: [notes, tasks, notes], budget: 1 });
  const get = defineSection({ ...words, name: "get", load: async () => null, items: () => [] });
  // @ts-expect-error the name "get" is taken
  createContextRouter({ procedure: t.procedure, sections: [get], budget: 1 });
});

it("refuses a section whose `load` needs what the procedure's context lacks", () => {
  const poorer = initTRPC.context<Omit<World, "notes">>().create();
  // @ts-expect-error `notes` is missing in the context
  createContextRouter({ procedure: poorer.procedure, sections: [notes, tasks], budget: 1 });
  createContextRouter({ procedure: poorer.procedure, sections: [tasks], budget: 1 });
});

it("refuses a procedure without a cache or a signed-in user", () => {
  const anonymous = initTRPC.context<Omit<World, "user"> & { user: World["user"] | null }>().create();
  const any = defineSection({ ...words, name: "any", load: async () => null, items: () => [] });
  // @ts-expect-error `user` may be null
  createContextRouter({ procedure: anonymous.procedure, sections: [any], budget: 1 });
  const uncached = initTRPC.context<Omit<World, "cache">>().create();
  // @ts-expect-error `cache` is missing
  createContextRouter({ procedure: uncached.procedure, sections: [any], budget: 1 });
});

it("refuses unknown names and inputs", () => {
  const calls = () => [
    // @ts-expect-error there is no section "goals"
    caller().invalidate({ sections: ["goals"], projectId: 1 }),
    // @ts-expect-error `projectId` is missing
    caller().get({ taskId: "a" }),
    // @ts-expect-error there is no section "goals"
    create().keys({ user: { id: "noa" } }, { sections: ["goals"], projectId: 1 }),
    // @ts-expect-error `projectId` is missing
    create().build({} as World, {}),
  ];
  expectTypeOf(calls).toBeFunction();
});

it("requires metadata for every procedure if it is given for one", () => {
  const described = initTRPC.context<World>().meta<{ description: string }>().create();
  const description = "What it does.";
  const options = { procedure: described.procedure, sections: [notes] as const, budget: 1 };
  createContextRouter({
    ...options,
    meta: { notes: { description }, get: { description }, invalidate: { description } },
  });
  // @ts-expect-error `invalidate` is missing
  createContextRouter({ ...options, meta: { notes: { description }, get: { description } } });
});

it("refuses items that do not fit the rows", () => {
  defineSection({
    ...words,
    name: "goals",
    load: async () => [{ id: "a", title: "A" }],
    // @ts-expect-error rows have no `name`
    items: (rows) => rows.map(({ id, name }) => ({ id, label: name, text: name })),
  });
});
