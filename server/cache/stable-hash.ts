import { createHash } from "node:crypto";

/**
 * The same hash for equal values, whatever the order of their keys, and another one for other values. Takes what
 * superjson revives, at any depth, with any names of keys.
 * @throws {TypeError} for a value of which nothing can be read, as a function or a form.
 */
export function stableHash(value: unknown): string {
  const hash = createHash("sha256");
  const places = new Map<object, number>();
  // A list instead of recursion, because a client may choose how deep an input is.
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== "object" || next === null) {
      hash.update(`${describePrimitive(next)}\n`);
      continue;
    }
    // An object that occurs again is not walked again, so cycles end and repetitions cost nothing.
    const place = places.get(next);
    if (place !== undefined) {
      hash.update(`again ${place}\n`);
      continue;
    }
    places.set(next, places.size);
    const { head, parts } = describeObject(next);
    hash.update(`${head} ${parts.length}\n`);
    for (let at = parts.length - 1; at >= 0; at -= 1) pending.push(parts[at]);
  }
  return hash.digest("base64url").slice(0, 22);
}

function describePrimitive(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "symbol":
    case "function":
      throw unreadable(typeof value);
    default:
      return String(value);
  }
}

interface Description {
  head: string;
  /** What it is made of, in a fixed order. */
  parts: readonly unknown[];
}

function describeObject(value: object): Description {
  if (Array.isArray(value)) return { head: "array", parts: value };
  if (value instanceof Date) return { head: "date", parts: [value.getTime()] };
  if (value instanceof Map) return { head: "map", parts: [...value].flat() };
  if (value instanceof Set) return { head: "set", parts: [...value] };
  if (value instanceof RegExp) return { head: "regexp", parts: [value.source, value.flags] };
  if (value instanceof URL) return { head: "url", parts: [value.href] };
  if (value instanceof Error) return { head: "error", parts: [value.name, value.message] };
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { head: "bytes", parts: [Object.prototype.toString.call(value), bytes.toString("base64")] };
  }
  const entries = Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flat();
  if (isPlain(value)) return { head: "object", parts: entries };
  const { name } = value.constructor;
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return { head: "instance", parts: [name, value.toJSON()] };
  }
  // What it holds is private, so two of them would look equal.
  if (entries.length === 0) throw unreadable(name);
  return { head: "instance", parts: [name, ...entries] };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function unreadable(kind: string): TypeError {
  return new TypeError(`A key cannot be made of a ${kind}`);
}
