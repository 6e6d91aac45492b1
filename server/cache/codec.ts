import superjson from "superjson";

/** Serialises a value with Dates, Maps, Sets, bigint and undefined intact. Throws on what cannot be. */
export function encode(value: unknown): string {
  return superjson.stringify(value);
}

/** A new value on every call, so that a caller who changes its result changes nobody else's. Throws on garbage. */
export function decode<T>(payload: string): T {
  return superjson.parse<T>(payload);
}
