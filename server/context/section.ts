import type { inferParser, Parser } from "@trpc/server/unstable-core-do-not-import";
import type { CachePolicy } from "@/server/cache";
import { entryKey } from "@/server/cache";

/** One line of the context block, before anyone knows whether it fits. */
export interface SectionItem {
  /** Unique within the section. */
  id: string;
  /** What a person recognises it by, unescaped. */
  label: string;
  /** The facts in the label, for a page that says them in its own words. */
  values?: Readonly<Record<string, string | number>>;
  /** The line in the prompt. Text that people wrote goes through `quote` first. */
  text: string;
  /**
   * The rest of the line, which may be cut after a sentence if room is short: a long text, which went through `quote`
   * too.
   */
  longText?: string;
}

/** The output type of a parser; `unknown` if there is no parser. */
type Parsed<Input> = Input extends Parser ? inferParser<Input>["out"] : unknown;

export interface LoadRequest<Input> {
  input: Input;
  /** Aborts when the cache gives up on the load. */
  signal: AbortSignal;
}

/** A part of the context: what it loads, how long that stays fresh, and its wording. */
export interface Section<
  Name extends string,
  Ctx,
  Rows,
  Input extends Parser | undefined = undefined,
  ItemsInput extends Parser | undefined = undefined,
> {
  /** The name of the section's query and of its cache entries. */
  name: Name;
  heading: string;
  /** The note that stands in place of the items when there are none. */
  empty: string;
  policy: CachePolicy;
  /**
   * Tokens that the sections before it leave to this one. Default 0. Reduced if the budget does not hold all of them.
   */
  minTokens?: number;
  /** The most tokens that the section takes. Default: the budget. */
  maxTokens?: number;
  /**
   * Any parser of objects that tRPC takes: what the rows depend on, in addition to the person. It is part of the key.
   */
  input?: Input;
  /**
   * Whose the rows are: each person's own (the default), or shared by all callers with the same input. The procedure of
   * the router must refuse callers who may not read them.
   */
  scope?: "user" | "shared";
  /**
   * A parser of plain input that only `items` uses. It is not part of the key, so the same rows serve every value.
   */
  itemsInput?: ItemsInput;
  /** Loads the rows that the cache keeps. A failure is never kept; the context then reports the section as missing. */
  load: (ctx: Ctx, request: LoadRequest<Parsed<Input>>) => Promise<Rows>;
  /**
   * The lines of the section, most important first. Pure: it is called once for the same rows and input, and its result
   * is kept for later builds.
   */
  items(rows: Rows, input: Parsed<Input> & Parsed<ItemsInput>): SectionItem[];
  /** Whether there is more than the items, as a row shows that was loaded in addition to them. Default: there is not. */
  hasMore?(rows: Rows, input: Parsed<Input> & Parsed<ItemsInput>): boolean;
}

/**
 * Defines a section. The type of `load`'s first parameter is the context that it needs: `load: (ctx: { user: { id:
 * string }; store: Store }, { signal }) => …`. Rows and inputs are inferred.
 */
export function defineSection<
  Name extends string,
  Ctx,
  Rows,
  Input extends Parser | undefined = undefined,
  ItemsInput extends Parser | undefined = undefined,
>(section: Section<Name, Ctx, Rows, Input, ItemsInput>): Section<Name, Ctx, Rows, Input, ItemsInput> {
  return section;
}

/** Any section whose `load` accepts the context `Ctx`. */
export type SectionFor<Ctx, Name extends string = string> = Section<
  Name,
  Ctx,
  unknown,
  Parser | undefined,
  Parser | undefined
>;

/** The name of a section's cache entries. */
export function sectionCacheName(name: string): string {
  return `ctx:${name}`;
}

type NamedSection = Pick<SectionFor<never>, "name" | "scope">;

/** The name and the owner of a section's cache entries for a person; the owner of a shared section is `null`. */
export function sectionEntry({ name, scope }: NamedSection, userId: string): { name: string; owner: string | null } {
  return { name: sectionCacheName(name), owner: scope === "shared" ? null : userId };
}

/** The cache key of a section for a person, as in `ctx:dreams:{42}`, followed by a hash of the section's own input. */
export function sectionKey(section: NamedSection, userId: string, input?: unknown): string {
  const { name, owner } = sectionEntry(section, userId);
  return entryKey(name, owner, input);
}
