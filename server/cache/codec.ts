import superjson from "superjson";

/** Deeper values are encoded by superjson, which handles cycles. */
const MAX_PLAIN_DEPTH = 16;

/**
 * Serialises a value with Dates, Maps, Sets, bigint and undefined intact. Throws on values that cannot be serialised.
 */
export function encode(value: unknown): string {
  // Plain JSON needs no walk that copies it. Rows of a database are such values.
  return isPlainJson(value, 0) ? `{"json":${JSON.stringify(value)}}` : superjson.stringify(value);
}

/** Keys that JSON treats specially or superjson refuses. */
const LEFT_TO_SUPERJSON: ReadonlySet<string> = new Set(["toJSON", "__proto__", "constructor", "prototype"]);

/**
 * A new value on every call, so that a caller who changes its result changes nobody else's. Throws on text that
 * `encode` did not write.
 */
export function decode<T>(payload: string): T {
  const parsed = JSON.parse(payload);
  if (!("json" in parsed)) throw new SyntaxError("This is no serialised value");
  return "meta" in parsed ? superjson.deserialize<T>(parsed) : parsed.json;
}

function isPlainJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object":
      return value === null || (depth < MAX_PLAIN_DEPTH && isPlainContainer(value, depth + 1));
    default:
      return false;
  }
}

function isPlainContainer(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    // `for…of` also visits the holes of a sparse array, which JSON cannot express.
    for (const item of value) if (!isPlainJson(item, depth)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype || Object.getOwnPropertySymbols(value).length > 0) return false;
  for (const key in value) {
    if (LEFT_TO_SUPERJSON.has(key)) return false;
    if (!isPlainJson(value[key as keyof typeof value], depth)) return false;
  }
  return true;
}
