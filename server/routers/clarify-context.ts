import { z } from "zod";
import type { SectionReaders } from "@/server/clarify/build";
import { buildContext } from "@/server/clarify/build";
import type { SectionName } from "@/server/clarify/context";
import { SECTION_NAMES } from "@/server/clarify/context";
import { sectionKeys } from "@/server/clarify/invalidation";
import type { LoadRequest } from "@/server/clarify/section";
import { sectionCacheName } from "@/server/clarify/section";
import type { SectionData } from "@/server/clarify/sections";
import { sections } from "@/server/clarify/sections";
import type { UserDatabase } from "@/server/database/client";
import { logContextBuilt } from "@/server/observability/context-built";
import type { ObservedRead } from "@/server/trpc/cached";
import { cached } from "@/server/trpc/cached";
import type { SignedInContext } from "@/server/trpc/context";
import { createCallerFactory, router, signedInProcedure } from "@/server/trpc/init";

const cachedSection = (name: SectionName) =>
  signedInProcedure.concat(cached({ name: sectionCacheName(name), policy: sections[name].policy }));

const sectionProcedures = {
  user: cachedSection("user").query(({ ctx }) => sections.user.load(loadRequest(ctx))),
  dreams: cachedSection("dreams").query(({ ctx }) => sections.dreams.load(loadRequest(ctx))),
  patterns: cachedSection("patterns").query(({ ctx }) => sections.patterns.load(loadRequest(ctx))),
  sessions: cachedSection("sessions").query(({ ctx }) => sections.sessions.load(loadRequest(ctx))),
  reflections: cachedSection("reflections").query(({ ctx }) => sections.reflections.load(loadRequest(ctx))),
};

function loadRequest(ctx: {
  database: () => UserDatabase;
  user: { id: string };
  loadSignal: AbortSignal;
}): LoadRequest {
  return { database: ctx.database(), userId: ctx.user.id, signal: ctx.loadSignal };
}

const createSectionCaller = createCallerFactory(router(sectionProcedures));

/** Calls the five cached procedures in process, and notes what the cache said of each read. */
function sectionReaders(ctx: SignedInContext): SectionReaders {
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

export const clarifyContextRouter = router({
  ...sectionProcedures,

  /** The whole context: five parallel reads, assembled. Touches no database when warm. */
  get: signedInProcedure
    .input(z.object({ sessionId: z.string().uuid().nullable() }).strict())
    .query(async ({ ctx, input }) => {
      const context = await buildContext({
        readers: sectionReaders(ctx),
        currentSessionId: input.sessionId,
        clock: ctx.services.clock,
        onMissing: (section, err) => ctx.logger.warn({ section, err }, "section missing"),
      });
      logContextBuilt(ctx.logger, { userId: ctx.user.id, sessionId: input.sessionId, context });
      return context;
    }),

  /** Forgets the given sections, or all five; the next read loads them again. */
  invalidate: signedInProcedure
    .input(z.object({ sections: z.array(z.enum(SECTION_NAMES)).min(1).optional() }).strict())
    .mutation(async ({ ctx, input }) => {
      const names = input.sections ?? [...SECTION_NAMES];
      await ctx.cache.invalidate(sectionKeys(ctx.user.id, names));
      return { invalidated: names };
    }),
});
