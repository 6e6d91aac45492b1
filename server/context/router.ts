import type {
  TRPCBuiltRouter,
  TRPCCreateRouterOptions,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
} from "@trpc/server";
import { initTRPC } from "@trpc/server";
import type {
  AnyProcedureBuilder,
  inferParser,
  Overwrite,
  Parser,
  ProcedureBuilder,
  Simplify,
  UnsetMarker,
} from "@trpc/server/unstable-core-do-not-import";
import { getParseFn } from "@trpc/server/unstable-core-do-not-import";
import { ViewMemory } from "@/server/cache";
import type { Instrument, SectionLines } from "./build";
import { buildContext, parseInput, readSection } from "./build";
import type { CachedContext } from "./cached";
import type { BuiltContext } from "./context";
import type { SectionFor } from "./section";
import { sectionKey } from "./section";
import type { SectionNamesInput } from "./section-names";
import { sectionNamesParser } from "./section-names";
import { estimateTokens, rememberCounts } from "./tokens";

/** The size of a router's memory of token estimates, in bytes. */
const COUNTS_MEMORY_BYTES = 1_000_000;
/** The size of its memory of lines, of all sections together, in bytes. */
const LINES_MEMORY_BYTES = 4_000_000;

export interface ContextRouterOptions<Procedure extends AnyProcedureBuilder, Sections extends AnySections> {
  /**
   * The base of all procedures of the router. It must refuse callers who may not read, because a cached answer skips
   * the loaders. Its own input is required by each procedure, and is not part of the keys.
   */
  procedure: Procedure;
  /** In priority order: when the budget is short, the last sections lose their items first. */
  sections: Sections;
  /** The most tokens that the block may take in the prompt: one number, or one for each call. */
  budget: number | ((ctx: ContextOf<Procedure>) => number);
  /**
   * Counts the tokens of a text as the application's model does. It should remember its results, because the same lines
   * come back with every build. Default: an estimate from the script of the text, without a vocabulary.
   */
  countTokens?: (text: string, ctx: ContextOf<Procedure>) => number;
  /** The text before the first section. Default: that the block is about the person in the conversation. */
  opening?: string;
  /** The procedures' metadata, if the application's tRPC instance requires some. */
  meta?: Record<NameOf<Sections> | "get" | "invalidate", BaseOf<Procedure>["meta"]>;
  /** Records builds and loads. */
  instrument?: Instrument<ContextOf<Procedure>, NameOf<Sections>, BuildInput<Sections>>;
}

export interface ContextRouter<Procedure extends AnyProcedureBuilder, Sections extends AnySections> {
  /** A query for each section under its name, `get` for the whole context, and `invalidate`. */
  router: TRPCBuiltRouter<
    { ctx: BaseOf<Procedure>["root"]; meta: object; errorShape: TRPCDefaultErrorShape; transformer: false },
    ContextProcedures<Procedure, Sections>
  >;
  /**
   * Builds the context in process, as `get` does, for code that answers messages. With all sections in the cache this
   * is one request to the cache and none to the database. It does not check whether the caller may read, so call it in
   * a procedure on the same base as the router.
   * @throws {TRPCError} BAD_REQUEST when the input is malformed; never for a section that cannot be read.
   */
  build(
    ctx: ContextOf<Procedure>,
    input: BuildInput<Sections>,
    options?: { budget?: number },
  ): Promise<BuiltContext<NameOf<Sections>>>;
  /** The cache keys of the given sections, or of all of them, for `cache.write`. */
  keys(ctx: Pick<CachedContext, "user">, input: InvalidateInput<Sections>): Promise<string[]>;
}

/**
 * Makes a tRPC router of sections: one query per section, whose rows the cache keeps per person and input; `get`, which
 * reads all sections at once and assembles them as text for a prompt; and `invalidate`, after which no read returns
 * earlier rows. Two sections with the same name do not compile, nor does a section that needs more than the procedure's
 * context holds.
 */
export function createContextRouter<Procedure extends AnyProcedureBuilder, const Sections extends AnySections>(
  options: ContextRouterOptions<Procedure, Sections> & {
    procedure: CanCache<ContextOf<Procedure>>;
    sections: readonly SectionFor<ContextOf<Procedure>>[] & Distinct<Sections>;
  },
): ContextRouter<Procedure, Sections> {
  type Ctx = ContextOf<Procedure> & CachedContext;
  // TypeScript cannot infer the type of a record of procedures made by a loop.
  return createRouter<Ctx, NameOf<Sections>>(options) as ContextRouter<Procedure, Sections>;
}

interface Parts<Ctx, Name extends string> {
  procedure: AnyProcedureBuilder;
  sections: readonly SectionFor<Ctx, Name>[];
  budget: number | ((ctx: Ctx) => number);
  countTokens?: (text: string, ctx: Ctx) => number;
  opening?: string;
  meta?: Record<Name | "get" | "invalidate", unknown>;
  instrument?: Instrument<Ctx, Name, unknown>;
}

function createRouter<Ctx extends CachedContext, Name extends string>(parts: Parts<Ctx, Name>) {
  const { procedure, sections, budget, opening, meta } = parts;
  const instrument: Instrument<Ctx, Name, unknown> = parts.instrument ?? {
    build: (run) => run(),
    load: (run) => run(),
  };
  const countTokens = parts.countTokens ?? rememberCounts(estimateTokens, COUNTS_MEMORY_BYTES);
  const remembered = sections.map((section) => ({
    section,
    memory: new ViewMemory<SectionLines>({ maxBytes: Math.ceil(LINES_MEMORY_BYTES / sections.length) }),
  }));
  const names = sections.map(({ name }) => name);
  const keyParsers = sections.flatMap(({ input }) => input ?? []);
  const parsers = sections.flatMap(({ input, itemsInput }) => [input ?? [], itemsInput ?? []].flat());
  const namesParser = sectionNamesParser(names, { strict: keyParsers.length === 0 });

  async function build(ctx: Ctx, input: unknown, options: { budget?: number } = {}): Promise<BuiltContext<Name>> {
    const parsed = await parseInput(parsers, input);
    const request = {
      sections: remembered,
      ctx,
      parsed,
      budget: options.budget ?? (typeof budget === "function" ? budget(ctx) : budget),
      countTokens: (text: string) => countTokens(text, ctx),
      opening,
      instrument,
    };
    const { context } = await instrument.build(() => buildContext(request), { ctx, input });
    return context;
  }

  /** The sections that an input of `invalidate` names, and their cache keys. */
  async function named({ user }: Pick<CachedContext, "user">, input: unknown) {
    const { sections: wanted = names } = await getParseFn<SectionNamesInput<Name>>(namesParser)(input);
    const parsed = await parseInput(keyParsers, input);
    const keys = sections
      .filter(({ name }) => wanted.includes(name))
      .map((section) => sectionKey(section, user.id, parsed(section.input)));
    return { names: wanted, keys };
  }

  /** A procedure with these inputs, whose resolver gets the raw input. */
  function taking(name: Name | "get" | "invalidate", wanted: readonly Parser[]): AnyProcedureBuilder {
    const described = meta === undefined ? procedure : procedure.meta(meta[name]);
    return [...new Set(wanted)]
      .reduce<AnyProcedureBuilder>((builder, parser) => builder.input(parser), described)
      .use(async ({ getRawInput, next }) => next({ input: await getRawInput() }));
  }

  interface Call {
    ctx: Ctx;
    input: unknown;
  }
  const queryOf = (section: SectionFor<Ctx, Name>) =>
    taking(section.name, section.input ? [section.input] : []).query(async ({ ctx, input }: Call) => {
      const parsed = await parseInput([section.input], input);
      return (await readSection(section, { ctx, parsed, instrument })).value;
    });

  const procedures = {
    ...Object.fromEntries(sections.map((section) => [section.name, queryOf(section)])),
    get: taking("get", parsers).query(({ ctx, input }: Call) => build(ctx, input)),
    invalidate: taking("invalidate", [namesParser, ...keyParsers]).mutation(async ({ ctx, input }: Call) => {
      const { names: invalidated, keys } = await named(ctx, input);
      await ctx.cache.invalidate(keys);
      return { invalidated };
    }),
  };
  return {
    router: initTRPC.create().router(procedures as TRPCCreateRouterOptions),
    build,
    keys: async (ctx: Pick<CachedContext, "user">, input: unknown) => (await named(ctx, input)).keys,
  };
}

type AnySections = readonly SectionFor<never>[];

export type NameOf<Sections extends AnySections> = Sections[number]["name"];

/** The context of a procedure's resolver. */
export type ContextOf<Procedure extends AnyProcedureBuilder> = BaseOf<Procedure>["ctx"];

type BaseOf<Procedure extends AnyProcedureBuilder> =
  Procedure extends ProcedureBuilder<
    infer Root,
    infer Meta,
    infer Overrides,
    infer InputIn,
    infer _InputOut,
    infer _OutputIn,
    infer _OutputOut,
    infer _Caller
  >
    ? {
        root: Root;
        meta: Meta;
        ctx: Simplify<Overwrite<Root, Overrides>>;
        /** The input of the procedure itself. */
        input: InputIn extends UnsetMarker ? unknown : InputIn;
      }
    : never;

/** The input type of a section's parser; `unknown` if there is none. */
type InputOf<Input> = [NonNullable<Input>] extends [never] ? unknown : InputOfParser<NonNullable<Input>>;
type InputOfParser<Input> = Input extends Parser ? inferParser<Input>["in"] : unknown;

/** The inputs of all sections together. */
type InputsOf<Sections, Key extends "input" | "itemsInput"> = Sections extends readonly [infer First, ...infer Rest]
  ? InputOf<First[Key & keyof First]> & InputsOf<Rest, Key>
  : unknown;

/** The input of a tRPC procedure; `void` if nothing is required. */
// biome-ignore lint/suspicious/noConfusingVoidType: what tRPC calls an input that may be left out
type Wanted<Input> = unknown extends Input ? void : Simplify<Input>;

/** The input of a build. */
export type BuildInput<Sections> = Wanted<InputsOf<Sections, "input"> & InputsOf<Sections, "itemsInput">>;

/** The names of sections, and the inputs that are part of their keys. */
export type InvalidateInput<Sections extends AnySections> = Simplify<
  { sections?: NameOf<Sections>[] | undefined } & InputsOf<Sections, "input">
>;

type RowsOf<Section extends SectionFor<never>> = Awaited<ReturnType<Section["load"]>>;

type ContextProcedures<Procedure extends AnyProcedureBuilder, Sections extends AnySections> = {
  [Section in Sections[number] as Section["name"]]: TRPCQueryProcedure<{
    input: Wanted<BaseOf<Procedure>["input"] & InputOf<Section["input"]>>;
    output: RowsOf<Section>;
    meta: BaseOf<Procedure>["meta"];
  }>;
} & {
  get: TRPCQueryProcedure<{
    input: Wanted<BaseOf<Procedure>["input"] & InputsOf<Sections, "input"> & InputsOf<Sections, "itemsInput">>;
    output: BuiltContext<NameOf<Sections>>;
    meta: BaseOf<Procedure>["meta"];
  }>;
  invalidate: TRPCMutationProcedure<{
    input: Simplify<BaseOf<Procedure>["input"] & InvalidateInput<Sections>>;
    output: { invalidated: NameOf<Sections>[] };
    meta: BaseOf<Procedure>["meta"];
  }>;
};

/** An error message instead of the type if a procedure's context has no cache or no user. */
type CanCache<Ctx> = Ctx extends CachedContext
  ? unknown
  : "The procedure's context needs `cache`, and `user` with an `id`: put a signed-in procedure here";

/** Names that the router or tRPC uses itself. */
type ReservedName = "get" | "invalidate" | "then" | "call" | "apply";

/** The first name that is used twice or reserved. */
type TakenName<Sections, Taken = ReservedName> = Sections extends readonly [
  infer First extends { name: string },
  ...infer Rest,
]
  ? First["name"] extends Taken
    ? First["name"]
    : TakenName<Rest, Taken | First["name"]>
  : never;

/** An error message instead of the type if two sections have the same name. */
type Distinct<Sections> = [TakenName<Sections>] extends [never]
  ? unknown
  : `A section cannot be named "${TakenName<Sections>}" here: the name is taken`;
