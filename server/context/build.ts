import { TRPCError } from "@trpc/server";
import type { Parser } from "@trpc/server/unstable-core-do-not-import";
import { getParseFn } from "@trpc/server/unstable-core-do-not-import";
import type { CachePolicy, CacheRead, ViewMemory } from "@/server/cache";
import { entry, parsedInput, resolvePolicy, stableHash } from "@/server/cache";
import type { AssembleOptions, SectionPart } from "./assemble";
import { assembleContext } from "./assemble";
import type { CachedContext } from "./cached";
import type { BuiltContext } from "./context";
import type { SectionFor, SectionItem } from "./section";
import { sectionEntry } from "./section";

/** A built context, with figures that an application may want to record. */
export interface Build<Name extends string = string> {
  context: BuiltContext<Name>;
  /** How long the cache took to answer, in milliseconds. All sections are read in one request. */
  readMs: number;
  /** How long the build waited for loads, in milliseconds; null when every section was in the cache. */
  loadMs: number | null;
  /** The sections that could not be read. */
  failures: { section: Name; error: unknown }[];
}

/** Records builds and loads in an application's own spans, metrics and log lines. */
export interface Instrument<Ctx, Name extends string, Input> {
  /** Runs around each build. */
  build(run: () => Promise<Build<Name>>, call: { ctx: Ctx; input: Input }): Promise<Build<Name>>;
  /** Runs around each load, including loads in the background. */
  load<Rows>(run: () => Promise<Rows>, call: { ctx: Ctx; section: Name }): Promise<Rows>;
}

/** Runs what it is given, and records nothing. */
export const noInstrument: Instrument<unknown, string, unknown> = { build: (run) => run(), load: (run) => run() };

/** The result of each parser for one input. */
export type ParsedInput = (parser: Parser | undefined) => object | undefined;

/**
 * Parses an input once with each of the parsers.
 * @throws {TRPCError} BAD_REQUEST, with the parser's own error as its cause.
 */
export async function parseInput(parsers: Iterable<Parser | undefined>, input: unknown): Promise<ParsedInput> {
  const parsed = new Map<Parser, object>();
  for (const parser of new Set(parsers)) {
    if (parser === undefined) continue;
    try {
      parsed.set(parser, await getParseFn<object>(parser)(input));
    } catch (cause) {
      throw new TRPCError({ code: "BAD_REQUEST", cause });
    }
  }
  return (parser) => (parser === undefined ? undefined : parsed.get(parser));
}

type LoadInstrument<Ctx, Name extends string> = Pick<Instrument<Ctx, Name, never>, "load">;

/** How a section's rows are read: by a caller whose input has been parsed. */
export interface SectionRead<Ctx, Name extends string> {
  ctx: Ctx;
  parsed: ParsedInput;
  instrument: LoadInstrument<Ctx, Name>;
}

/** Reads a section's rows through the cache. */
export function readSection<Ctx extends CachedContext, Name extends string>(
  section: SectionFor<Ctx, Name>,
  { ctx, parsed, instrument }: SectionRead<Ctx, Name>,
): Promise<CacheRead<unknown>> {
  return ctx.cache.read(rowsOf(section, { ctx, instrument }), parsed(section.input));
}

function rowsOf<Ctx extends CachedContext, Name extends string>(
  section: SectionFor<Ctx, Name>,
  { ctx, instrument }: Omit<SectionRead<Ctx, Name>, "parsed">,
) {
  return entry({
    ...sectionEntry(section, ctx.user.id),
    input: parsedInput,
    policy: section.policy,
    load: (input, signal) =>
      instrument.load(() => section.load(ctx, { input, signal }), { ctx, section: section.name }),
  });
}

/** The lines that are made of a section's rows, and whether there is more than they show. Readers share it. */
export interface SectionLines {
  readonly items: readonly SectionItem[];
  readonly more: boolean;
}

/** A section, and its lines of rows that have been read lately. */
export interface RememberedSection<Ctx, Name extends string> {
  section: SectionFor<Ctx, Name>;
  memory: ViewMemory<SectionLines>;
}

/** Reads a section's lines. Rows that have not changed are neither parsed nor made into lines again. */
function readLines<Ctx extends CachedContext, Name extends string>(
  { section, memory }: RememberedSection<Ctx, Name>,
  { ctx, parsed, instrument }: SectionRead<Ctx, Name>,
): Promise<CacheRead<SectionLines>> {
  const input = { ...parsed(section.input), ...parsed(section.itemsInput) };
  const variant = section.input || section.itemsInput ? stableHash(input) : "";
  const lines = memory.view(variant, (rows: unknown) => ({
    items: section.items(rows, input),
    more: section.hasMore?.(rows, input) ?? false,
  }));
  return ctx.cache.read(rowsOf(section, { ctx, instrument }), parsed(section.input), lines);
}

export interface BuildRequest<Ctx, Name extends string> extends AssembleOptions, SectionRead<Ctx, Name> {
  sections: readonly RememberedSection<Ctx, Name>[];
}

/**
 * Reads all sections at once and assembles them. A section that fails is reported as missing and does not affect the
 * others.
 */
export async function buildContext<Ctx extends CachedContext, Name extends string>(
  request: BuildRequest<Ctx, Name>,
): Promise<Build<Name>> {
  const { sections } = request;
  const begun = performance.now();
  const failures: Build<Name>["failures"] = [];
  const waits: number[] = [];
  const warmFor: number[] = [];
  let readMs = 0;

  async function readPart(remembered: RememberedSection<Ctx, Name>): Promise<SectionPart<Name>> {
    const { section } = remembered;
    const { name, heading, empty, minTokens, maxTokens } = section;
    const stated = { name, heading, empty, minTokens, maxTokens };
    try {
      const read = await readLines(remembered, request);
      readMs = Math.max(readMs, read.readMs);
      if (read.loadMs !== undefined) waits.push(read.loadMs);
      warmFor.push(warmForMs(read, section.policy));
      const { items, more } = read.value;
      return { ...stated, source: read.outcome, ageMs: read.ageMs, items, more };
    } catch (error) {
      waits.push(performance.now() - begun);
      failures.push({ section: name, error });
      warmFor.push(0);
      return { ...stated, source: "missing", reason: isTimeout(error) ? "timeout" : "unavailable" };
    }
  }

  const parts = await Promise.all(sections.map(readPart));
  const assembled = assembleContext(parts, request);
  const loadMs = waits.length > 0 ? Math.max(...waits) : null;
  const context = { ...assembled, buildMs: performance.now() - begun, warmForMs: Math.min(...warmFor) };
  return { context, readMs, loadMs, failures };
}

/**
 * Milliseconds until the middle of the period in which the entry is refreshed ahead of expiry: a client that asks again
 * then has it refreshed before it expires. 0 for a fallback, which has expired already.
 */
function warmForMs({ outcome, ageMs }: Pick<CacheRead<unknown>, "outcome" | "ageMs">, policy: CachePolicy): number {
  if (outcome === "fallback") return 0;
  const { agingMs, ttlMs } = resolvePolicy(policy);
  // An aging entry is being refreshed now.
  return (agingMs + ttlMs) / 2 - (outcome === "aging" ? 0 : ageMs);
}

/** Whether an error, or one of its causes, is a timeout. */
function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "AbortError" || error.name.endsWith("TimeoutError")) return true;
  if ("code" in error && (error.code === "timeout" || error.code === "ETIMEDOUT")) return true;
  return isTimeout(error.cause);
}
