import { createHash } from "node:crypto";
import superjson from "superjson";

/** The same hash for equal values, whatever the order of their keys. */
export function stableHash(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sortKeys(superjson.serialize(value))))
    .digest("base64url")
    .slice(0, 22);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
      .map(([key, entry]) => [key, sortKeys(entry)]),
  );
}
