/**
 * The key in a form such that all Redis keys that begin with it lie in one slot of a cluster. A key with a hash tag of
 * its own after the first character, as in `ctx:dreams:{42}`, stays as it is and shares its slot with all keys of that
 * tag. Any other key becomes a tag as a whole. Different keys stay different.
 */
export function hashTagged(key: string): string {
  if (/^[^{]+\{[^}]+\}/.test(key)) return key;
  // An empty hash tag would count as none.
  return `{${key.replace(/^[%}]/, encodeURIComponent)}}`;
}

/** The part of a key that decides its slot. Keys with different tags may lie in different slots. */
export function hashTagOf(key: string): string {
  return /\{([^}]+)\}/.exec(key)?.[1] ?? key;
}
