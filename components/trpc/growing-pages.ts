/** A page of a list that only grows at its newest end; within it the oldest item is first. */
interface GrowingPage<Item> {
  items: Item[];
  nextCursor: string | null;
}

interface KnownPages<Item> {
  pages: GrowingPage<Item>[];
  pageParams: unknown[];
}

/**
 * A page of a list that only grows. Reading the list again asks for its newest page alone: it is joined to what is known, so that
 * the cursors of the older pages stay as they are, and those are not asked for again.
 *
 * @param cursor null for the newest page
 */
export async function readGrowing<Item extends { id: string }>(
  known: KnownPages<Item> | undefined,
  cursor: string | null,
  read: () => Promise<GrowingPage<Item>>,
): Promise<GrowingPage<Item>> {
  const kept = known?.pages[known.pageParams.indexOf(cursor)];
  if (kept !== undefined && cursor !== null) return kept;
  const page = await read();
  return kept === undefined ? page : joined(kept, page);
}

/** The newest page with the items that it held before. Where more than a page is new, nothing joins, and all is read again. */
function joined<Item extends { id: string }>(kept: GrowingPage<Item>, newest: GrowingPage<Item>): GrowingPage<Item> {
  const overlap = kept.items.findIndex(({ id }) => id === newest.items[0]?.id);
  if (overlap === -1) return newest;
  return { items: [...kept.items.slice(0, overlap), ...newest.items], nextCursor: kept.nextCursor };
}
