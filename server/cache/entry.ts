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
  /** What its keys begin with. No other kind may have the same name. */
  name: string;
  /** The id of the person or group whose value it is. Default `null`: the value is the same for everybody. */
  owner?: string | number | null;
  /**
   * What the value depends on. Keys are made of what the schema returns, so undeclared fields make no further entries.
   * Without a schema there is one entry.
   */
  input?: InputSchema<Input>;
  policy: CachePolicy;
  /** Tags that outdate the entry, in addition to its own name, as in `project:7`. */
  tags?: (input: Input) => readonly string[];
  load: (input: Input, signal: AbortSignal) => Promise<T>;
}

/** An entry that a write or an invalidation can name. Only `entry()` makes one. */
export abstract class NamedEntry {
  /** Private, so that an object of the same shape is not assignable. */
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  get key(): string {
    return this.#key;
  }
}

/** One kind of entry: key, value, policy and loader together. A write that names it outdates all of its inputs. */
export class Entry<Input, T> extends NamedEntry {
  readonly #definition: EntryDefinition<Input, T>;

  constructor(definition: EntryDefinition<Input, T>) {
    resolvePolicy(definition.policy);
    super(keyOf(definition));
    this.#definition = definition;
  }

  /**
   * The entry of one input.
   * @throws {TypeError} when the schema does not take the input.
   */
  at(input: Input): LocatedEntry<T> {
    const { name, policy, tags, load, input: schema } = this.#definition;
    const parsed = schema ? parse(name, schema, input) : input;
    const key = schema === undefined || parsed === undefined ? this.key : keyOf(this.#definition, parsed);
    const custom = tags?.(parsed) ?? [];
    return new LocatedEntry({
      key,
      tags: key === this.key ? custom : [this.key, ...custom],
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

/** Defines one kind of entry. Input and value are inferred; a wrong input does not compile. */
export function entry<T>(definition: EntryDefinition<void, T> & { input?: undefined }): Entry<void, T>;
export function entry<Input, T>(definition: EntryDefinition<Input, T> & { input: InputSchema<Input> }): Entry<Input, T>;
export function entry<Input, T>(definition: EntryDefinition<Input, T>): Entry<Input, T> {
  return new Entry(definition);
}

/**
 * The key of an entry, as in `ctx:dreams:{42}`, followed by a hash of the input if there is one. The owner `null`
 * stands for an entry that is the same for everybody; no owner's key equals it. The braces are part of the key: a
 * cluster of Redis puts all keys with the same text in braces into one slot, so that they are read in one request.
 */
export function entryKey(name: string, owner: string | number | null, input?: unknown): string {
  const key = owner === null ? `shared:${name}:{${name}}` : `${name}:{${owner}}`;
  return input === undefined ? key : `${key}:${stableHash(input)}`;
}

function keyOf(
  { name, owner = null }: Pick<EntryDefinition<never, unknown>, "name" | "owner">,
  input?: unknown,
): string {
  return entryKey(name, owner, input);
}

/** The schema of an input that has already been parsed: it accepts every value unchanged. */
export const parsedInput: InputSchema<unknown> = { "~standard": { validate: (value) => ({ value }) } };

/** What a write or an invalidation outdates: keys or tags as text, or entries and tags. */
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
