import { z } from "zod";
import type { CacheRead } from "@/server/cache";
import type { SectionReaders } from "@/server/context/build";
import { buildContext } from "@/server/context/build";
import { cached } from "@/server/context/cached";
import type { SectionName } from "@/server/context/context";
import { SECTION_NAMES } from "@/server/context/context";
import type { Section } from "@/server/context/section";
import { sectionCacheName, sectionKey } from "@/server/context/section";
import { uuid } from "@/server/input";
import { inSpan, spanThatTook } from "@/server/telemetry/spans";
import type { SignedInContext } from "@/server/trpc/context";
import { router, signedInProcedure } from "@/server/trpc/init";
import { contextBuilt, recordLoad } from "./context-built";
import { sectionKeys } from "./invalidation";
import type { SectionData } from "./sections";
import { sections } from "./sections";

const cachedSection = (name: SectionName, holds: string) =>
  signedInProcedure
    .meta({ description: `The section "${name}" as the cache keeps it: ${holds}.` })
    .concat(cached({ name: sectionCacheName(name), policy: sections[name].policy }));

const sectionProcedures = {
  user: cachedSection("user", "name, tier and totals").query(loader(sections.user)),
  dreams: cachedSection("dreams", "the active dreams").query(loader(sections.dreams)),
  patterns: cachedSection("patterns", "the strongest patterns").query(loader(sections.patterns)),
  sessions: cachedSection("sessions", "the latest conversations").query(loader(sections.sessions)),
  reflections: cachedSection("reflections", "the latest reflections").query(loader(sections.reflections)),
};

interface LoadContext extends SignedInContext {
  loadSignal: AbortSignal;
}

/** Loads a section as the person whose procedure it is. */
function loader<Data>(section: Section<Data>) {
  return ({ ctx }: { ctx: LoadContext }): Promise<Data> => loadSection(section, ctx, ctx.loadSignal);
}

function loadSection<Data>(section: Section<Data>, ctx: SignedInContext, signal: AbortSignal): Promise<Data> {
  return recordLoad(ctx.services, section.name, () =>
    section.load({ database: ctx.database(), userId: ctx.user.id, signal }),
  );
}

/** What a build learned of its reads. */
interface Observed {
  reads: CacheRead<unknown>[];
  /** How long each section waited for the database, in milliseconds, where it had to. */
  waits: number[];
}

/** Reads the entries of the five procedures, without the way through tRPC that each of them would take. */
function sectionReaders(ctx: SignedInContext, { reads, waits }: Observed): SectionReaders {
  const { clock } = ctx.services;
  function reader<Name extends SectionName>(name: Name) {
    const section: Section<SectionData<Name>> = sections[name];
    const load = (signal: AbortSignal) => loadSection(section, ctx, signal);
    return async () => {
      const begun = clock.elapsed();
      const reading = ctx.cache.getOrSet(sectionKey(name, ctx.user.id), load, section.policy);
      const read = await reading.catch((error: unknown) => {
        waits.push(clock.elapsed() - begun);
        throw error;
      });
      if (read.loadMs !== undefined) waits.push(read.loadMs);
      reads.push(read);
      return read;
    };
  }
  return {
    user: reader("user"),
    dreams: reader("dreams"),
    patterns: reader("patterns"),
    sessions: reader("sessions"),
    reflections: reader("reflections"),
  };
}

export const clarifyContextRouter = router({
  ...sectionProcedures,

  get: signedInProcedure
    .meta({ description: "The whole context: five parallel reads, assembled. Touches no database when warm." })
    .input(z.object({ sessionId: uuid.nullable() }).strict())
    .query(async ({ ctx, input }) => {
      const { clock, metrics, telemetry } = ctx.services;
      const observed: Observed = { reads: [], waits: [] };
      const context = await inSpan(telemetry, "context build", {}, async () => {
        const begunAt = clock.now();
        const built = await buildContext({
          readers: sectionReaders(ctx, observed),
          currentSessionId: input.sessionId,
          clock,
          onMissing: (section, err) => ctx.logger.warn({ section, err }, "section missing"),
        });
        // The five reads are one request.
        const ms = Math.max(0, ...observed.reads.map(({ readMs }) => readMs));
        spanThatTook(telemetry, "cache read", {}, { ms, endedAt: begunAt + ms });
        return built;
      });
      const { waits } = observed;
      contextBuilt(metrics, ctx.logger, { userId: ctx.user.id, sessionId: input.sessionId, context, waits });
      return context;
    }),

  invalidate: signedInProcedure
    .meta({ description: "Forgets the given sections, or all five; the next read loads them again." })
    .input(z.object({ sections: z.array(z.enum(SECTION_NAMES)).min(1).max(SECTION_NAMES.length).optional() }).strict())
    .mutation(async ({ ctx, input }) => {
      const names = input.sections ?? [...SECTION_NAMES];
      await ctx.cache.invalidate(sectionKeys(ctx.user.id, names));
      return { invalidated: names };
    }),
});
