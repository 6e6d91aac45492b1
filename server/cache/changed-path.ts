/**
 * The path of the first difference between a value and the result of serialising and parsing it, as in `rows[0].owner`;
 * undefined where they are equal. superjson changes what it does not know: a method is lost, an instance of a class
 * becomes a plain object.
 */
export function changedPath(value: unknown, back: unknown, path = "value", depth = 0): string | undefined {
  if (typeof value !== "object" || value === null || typeof back !== "object" || back === null) {
    return Object.is(value, back) ? undefined : path;
  }
  if (Object.getPrototypeOf(value) !== Object.getPrototypeOf(back)) return path;
  if (value instanceof Date || value instanceof RegExp || value instanceof URL) {
    return String(value) === String(back) ? undefined : path;
  }
  if (value instanceof Map || value instanceof Set) return undefined;
  // Deeper values count as equal, because a cycle has no end.
  if (depth === MAX_DEPTH) return undefined;
  for (const key of new Set([...Object.keys(value), ...Object.keys(back)])) {
    const inner = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    const changed = changedPath(Reflect.get(value, key), Reflect.get(back, key), inner, depth + 1);
    if (changed !== undefined) return changed;
  }
  return undefined;
}

const MAX_DEPTH = 16;
