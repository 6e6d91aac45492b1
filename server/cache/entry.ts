import type { Loader } from "./loader";
import type { CachePolicy } from "./protocol/policy";
import { resolvePolicy } from "./protocol/policy";
import { stableHash } from "./stable-hash";

/** The part of a Standard Schema (zod, valibot, arktype, …) that reads an input; it must not be asynchronous. */
export interface InputSchema<Input> {
  readonly "~standard": {
    validate(value: unknown): SchemaResult<Input> | Promise<SchemaResult<Input>>;
  };
}

type SchemaResult<Input> =
  | { readonly value: Input; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** One kind of entry. */
export interface EntryDefinition<Input, T> {
  /** What its keys begin with; no other kind may have it. */
  name: string;
  /**
   * What the value depends on. Keys are made of what the schema returns: whatever else is sent along makes no entries of its
   * own. Without a schema there is one entry.
   */
  input?: InputSchema<Input>;
  policy: CachePolicy;
  /** What outdates the entry besides its own name, as in `project:7`. */
  tags?: (input: Input) => readonly string[];
  load: (input: Input, signal: AbortSignal) => Promise<T>;
}

/** What a write or an invalidation can name besides keys and tags. Only `entry()` makes one. */
export abstract class NamedEntry {
  /** Keeps objects that only look like it out. */
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  get key(): string {
    return this.#key;
  }
}

/** One kind of entry: key, value, policy and loader belong together. As a name it stands for all of its inputs. */
export class Entry<Input, T> extends NamedEntry {
  readonly #definition: EntryDefinition<Input, T>;

  constructor(definition: EntryDefinition<Input, T>) {
    resolvePolicy(definition.policy);
    super(entryKey(definition.name, definition.name));
    this.#definition = definition;
  }

  /**
   * The entry of one input.
   * @throws {TypeError} when the schema does not take the input.
   */
  at(input: Input): LocatedEntry<T> {
    const { name, policy, tags, load, input: schema } = this.#definition;
    const parsed = schema ? parse(name, schema, input) : input;
    const custom = tags?.(parsed) ?? [];
    return new LocatedEntry({
      key: schema ? entryKey(name, name, parsed) : this.key,
      tags: schema ? [this.key, ...custom] : custom,
      policy,
      load: (signal) => load(parsed, signal),
    });
  }
}

/** The entry of one input. */
export class LocatedEntry<T> extends NamedEntry {
  readonly tags: readonly string[];
  readonly policy: CachePolicy;
  readonly load: Loader<T>;

  constructor({
    key,
    tags,
    policy,
    load,
  }: { key: string; tags: readonly string[]; policy: CachePolicy; load: Loader<T> }) {
    super(key);
    this.tags = tags;
    this.policy = policy;
    this.load = load;
  }
}

/** States one kind of entry. Input and value are inferred; a wrong input does not compile. */
export function entry<T>(definition: EntryDefinition<void, T> & { input?: undefined }): Entry<void, T>;
export function entry<Input, T>(definition: EntryDefinition<Input, T> & { input: InputSchema<Input> }): Entry<Input, T>;
export function entry<Input, T>(definition: EntryDefinition<Input, T>): Entry<Input, T> {
  return new Entry(definition);
}

/**
 * The key of an entry, as in `ctx:dreams:{42}`, with a hash of the input where there is one. The braces are part of it: in a
 * cluster of Redis all entries with the same text in them lie in one slot, and are read in one request.
 */
export function entryKey(name: string, slot: string | number, input?: unknown): string {
  const key = `${name}:{${slot}}`;
  return input === undefined ? key : `${key}:${stableHash(input)}`;
}

/** What a write or an invalidation outdates: keys or tags as they are, or entries and tags. */
export type Outdated = readonly string[] | { entries?: readonly NamedEntry[]; tags?: readonly string[] };

export function namesOf(outdated: Outdated): readonly string[] {
  if (isNames(outdated)) return outdated;
  const { entries = [], tags = [] } = outdated;
  return [...new Set([...entries.map(({ key }) => key), ...tags])];
}

function isNames(outdated: Outdated): outdated is readonly string[] {
  return Array.isArray(outdated);
}

function parse<Input>(name: string, schema: InputSchema<Input>, input: unknown): Input {
  const result = schema["~standard"].validate(input);
  if (result instanceof Promise) throw new TypeError(`The schema of the entry "${name}" must not be asynchronous`);
  if (result.issues) {
    throw new TypeError(`Wrong input for "${name}": ${result.issues.map(({ message }) => message).join("; ")}`);
  }
  return result.value;
}
