import { LRUCache } from "lru-cache";
import { ENTRY_OVERHEAD_BYTES } from "./protocol/entry-id";

/** What a reader gets of an entry: its value, or something that is made of it. */
export interface View<Value, Seen> {
  /** What was made of this stored text before; undefined when nothing is remembered. */
  known(payload: string): Seen | undefined;
  /** @param payload the text from which the value was read; undefined when it was just loaded */
  of(value: Value, payload: string | undefined): Seen;
}

/** The value itself, a new one for every reader. */
export function plainView<T>(): View<T, T> {
  return PLAIN;
}

const PLAIN = { known: () => undefined, of: <T>(value: T) => value };

/** How much memory something that was made of a text takes, in bytes per character of that text. */
const BYTES_PER_CHARACTER = 4;

/**
 * Remembers what was made of stored texts, so that a hit on an unchanged entry parses and makes nothing. All readers
 * get the same object: nobody may change it.
 */
export class ViewMemory<Seen extends object> {
  readonly #remembered: LRUCache<string, { variant: string; seen: Seen }>;

  /** @param maxBytes the cap on all that is remembered; the least recently used is forgotten first */
  constructor({ maxBytes }: { maxBytes: number }) {
    this.#remembered = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (_, payload) => ENTRY_OVERHEAD_BYTES + payload.length * BYTES_PER_CHARACTER,
    });
  }

  /**
   * A view that makes something of values. Of each text the result of the latest variant is remembered.
   *
   * @param variant what else the result depends on, as text
   * @param make a pure function. What it throws is what the read rejects with.
   */
  view<Value>(variant: string, make: (value: Value) => Seen): View<Value, Seen> {
    return {
      known: (payload) => {
        const remembered = this.#remembered.get(payload);
        return remembered?.variant === variant ? remembered.seen : undefined;
      },
      of: (value, payload) => {
        const seen = make(value);
        if (payload !== undefined) this.#remembered.set(payload, { variant, seen });
        return seen;
      },
    };
  }
}
