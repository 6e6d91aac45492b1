/**
 * The key such that all Redis keys that begin with it lie in one slot of a cluster. One that has a hash tag of its own
 * behind its first character, as in `ctx:dreams:{42}`, stays as it is, and shares its slot with all keys of that tag.
 * Any other is made a tag as a whole. No two keys become the same.
 */
export function hashTagged(key: string): string {
  if (/^[^{]+\{[^}]+\}/.test(key)) return key;
  // An empty tag would be none.
  return `{${key.replace(/^[%}]/, encodeURIComponent)}}`;
}

/** What decides on the slot of a key. Keys of different tags may lie in different slots. */
export function hashTagOf(key: string): string {
  return /\{([^}]+)\}/.exec(key)?.[1] ?? key;
}
