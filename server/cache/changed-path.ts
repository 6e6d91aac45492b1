/**
 * Where a value and what was made of its serialisation differ first, as in `rows[0].owner`; undefined where they are equal.
 * What superjson does not know comes back as something else: a method is gone, an instance of a class is a plain object.
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
  // Whatever is deeper is taken for equal: a cycle has no end.
  if (depth === MAX_DEPTH) return undefined;
  for (const key of new Set([...Object.keys(value), ...Object.keys(back)])) {
    const inner = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    const changed = changedPath(Reflect.get(value, key), Reflect.get(back, key), inner, depth + 1);
    if (changed !== undefined) return changed;
  }
  return undefined;
}

const MAX_DEPTH = 16;
