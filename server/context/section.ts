import type { inferParser, Parser } from "@trpc/server/unstable-core-do-not-import";
import type { CachePolicy } from "@/server/cache";
import { entryKey } from "@/server/cache";
import { sharedKey } from "./cached";

/** One line of the context block, before anyone knows whether it fits. */
export interface SectionItem {
  /** Unique within the section. */
  id: string;
  /** What a person recognises it by, unescaped. */
  label: string;
  /** The line in the prompt. Text that people wrote goes through `quote` first. */
  text: string;
  /**
   * What stands behind it on the line and may be cut where room is short, after a sentence: a long text, which went through
   * `quote` as well.
   */
  longText?: string;
}

/** What a parser makes of its input; `unknown` where there is no parser. */
type Parsed<Input> = Input extends Parser ? inferParser<Input>["out"] : unknown;

export interface LoadRequest<Input> {
  input: Input;
  /** Aborts when the cache gives up on the load. */
  signal: AbortSignal;
}

/** A part of the context: what it loads, how long that stays fresh, and how it is worded. */
export interface Section<
  Name extends string,
  Ctx,
  Rows,
  Input extends Parser | undefined = undefined,
  ItemsInput extends Parser | undefined = undefined,
> {
  /** Names the section's query, and its entries in the cache. */
  name: Name;
  heading: string;
  /** Said in place of the items when there are none. */
  empty: string;
  policy: CachePolicy;
  /** Tokens that the sections before it leave to this one. Default 0; less where the budget does not hold all of them. */
  minTokens?: number;
  /** The most tokens that the section takes. Default: the budget. */
  maxTokens?: number;
  /** Any parser of objects that tRPC takes: what the rows depend on besides the person. It is part of the key. */
  input?: Input;
  /**
   * Whose the rows are: each person's own (the default), or the same for all who may ask with the same input. The
   * procedure of the router refuses whoever may not.
   */
  scope?: "user" | "shared";
  /** A parser of what only `items` looks at. It is no part of the key: the same rows serve every value. */
  itemsInput?: ItemsInput;
  /** The rows as the cache keeps them. A failure is never kept; the context says that the section is missing. */
  load: (ctx: Ctx, request: LoadRequest<Parsed<Input>>) => Promise<Rows>;
  /** The lines of the section, most important first. */
  items(rows: Rows, input: Parsed<Input> & Parsed<ItemsInput>): SectionItem[];
}

/**
 * States one section. The context that `load` needs is the type of its first parameter:
 * `load: (ctx: { user: { id: string }; store: Store }, { signal }) => …`. Rows and inputs are inferred.
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

/** Any section whose `load` is content with the context `Ctx`. */
export type SectionFor<Ctx, Name extends string = string> = Section<
  Name,
  Ctx,
  unknown,
  Parser | undefined,
  Parser | undefined
>;

/** The name that a section's entries are cached under. */
export function sectionCacheName(name: string): string {
  return `ctx:${name}`;
}

/** The cache key of one person's section, as in `ctx:dreams:{42}`; a hash of the section's own input follows it. */
export function sectionKey(name: string, userId: string, input?: unknown): string {
  return entryKey(sectionCacheName(name), userId, input);
}

/** The cache key of what a section loads for a person: their own entry, or the one that is everybody's. */
export function keyFor({ name, scope }: SectionFor<never>, userId: string, input?: unknown): string {
  return scope === "shared" ? sharedKey(sectionCacheName(name), input) : sectionKey(name, userId, input);
}
