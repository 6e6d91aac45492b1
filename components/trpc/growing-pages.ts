/** A page of a list that only grows at its newest end. Within the page, the oldest item is first. */
interface GrowingPage<Item> {
  items: Item[];
  nextCursor: string | null;
}

interface KnownPages<Item> {
  pages: GrowingPage<Item>[];
  pageParams: unknown[];
}

/**
 * Reads a page of a list that only grows. Reading the list again only reads its newest page and merges it with the
 * known one, so that the cursors of the older pages stay valid and those pages are not read again.
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
  return kept === undefined ? page : merged(kept, page);
}

/**
 * Merges the newest page with the items that it held before. If more than a page is new, they do not overlap, and
 * everything is read again.
 */
function merged<Item extends { id: string }>(kept: GrowingPage<Item>, newest: GrowingPage<Item>): GrowingPage<Item> {
  const overlap = kept.items.findIndex(({ id }) => id === newest.items[0]?.id);
  if (overlap === -1) return newest;
  return { items: [...kept.items.slice(0, overlap), ...newest.items], nextCursor: kept.nextCursor };
}
