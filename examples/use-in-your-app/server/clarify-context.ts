import { z } from "zod";
import { sectionKeys } from "@/server/clarify/invalidation";
import type { SectionData } from "@/server/clarify/sections";
import { sections } from "@/server/clarify/sections";
import { systemClock } from "@/server/clock";
import type { SectionReaders } from "@/server/context/build";
import { buildContext } from "@/server/context/build";
import type { ObservedRead } from "@/server/context/cached";
import { cached } from "@/server/context/cached";
import type { SectionName } from "@/server/context/context";
import { SECTION_NAMES } from "@/server/context/context";
import { sectionCacheName } from "@/server/context/section";
import type { AppContext } from "./trpc";
import { createCallerFactory, memberProcedure, router } from "./trpc";

const cachedSection = (name: SectionName) =>
  memberProcedure.concat(cached({ name: sectionCacheName(name), policy: sections[name].policy }));

const sectionProcedures = {
  user: cachedSection("user").query(({ ctx }) => ctx.loaders.user(ctx.user.id)),
  dreams: cachedSection("dreams").query(({ ctx }) => ctx.loaders.dreams(ctx.user.id)),
  patterns: cachedSection("patterns").query(({ ctx }) => ctx.loaders.patterns(ctx.user.id)),
  sessions: cachedSection("sessions").query(({ ctx }) => ctx.loaders.sessions(ctx.user.id)),
  reflections: cachedSection("reflections").query(({ ctx }) => ctx.loaders.reflections(ctx.user.id)),
};

const createSectionCaller = createCallerFactory(router(sectionProcedures));

/** Calls the five cached procedures in process, and notes what the cache said of each read. */
function sectionReaders(ctx: AppContext): SectionReaders {
  const reads = new Map<string, ObservedRead>();
  const caller = createSectionCaller({
    ...ctx,
    onCacheRead(read) {
      reads.set(read.name, read);
      ctx.onCacheRead?.(read);
    },
  });
  function reader<Name extends SectionName>(name: Name, query: () => Promise<SectionData<Name>>) {
    return async () => {
      const value = await query();
      const read = reads.get(sectionCacheName(name));
      if (read === undefined) throw new Error(`Section ${name} did not go through the cache`);
      return { value, outcome: read.outcome, ageMs: read.ageMs };
    };
  }
  return {
    user: reader("user", () => caller.user()),
    dreams: reader("dreams", () => caller.dreams()),
    patterns: reader("patterns", () => caller.patterns()),
    sessions: reader("sessions", () => caller.sessions()),
    reflections: reader("reflections", () => caller.reflections()),
  };
}

/** The same procedures under the same names as Clarify's own router, over this app's tables. */
export const clarifyContextRouter = router({
  ...sectionProcedures,

  get: memberProcedure.input(z.object({ sessionId: z.string().nullable() })).query(({ ctx, input }) =>
    buildContext({
      readers: sectionReaders(ctx),
      currentSessionId: input.sessionId,
      clock: systemClock,
      // The section is missing from the result, with its reason; this is the place to log why.
      onMissing: () => {},
    }),
  ),

  invalidate: memberProcedure
    .input(z.object({ sections: z.array(z.enum(SECTION_NAMES)).min(1).optional() }))
    .mutation(({ ctx, input }) => ctx.cache.invalidate(sectionKeys(ctx.user.id, input.sections))),
});
