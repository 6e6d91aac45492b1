/** The keys of a record that names every member of a union: what there is, in the order in which to show it. */
export function keysOf<Key extends string>(record: Record<Key, unknown>): Key[] {
  return Object.keys(record) as Key[];
}
