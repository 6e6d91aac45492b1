import type { InfiniteData } from "@tanstack/react-query";

export interface ItemPage<Item> {
  items: Item[];
  nextCursor: string | null;
}

export type ItemPages<Item> = InfiniteData<ItemPage<Item>>;

interface Identified {
  id: string;
}

/** All loaded items, in order. An item that moved between two pages while they were loaded appears once. */
export function flattenItems<Item extends Identified>({ pages }: ItemPages<Item>): Item[] {
  return [...new Map(pages.flatMap(({ items }) => items).map((item) => [item.id, item])).values()];
}

export function withoutItem<Item extends Identified>(data: ItemPages<Item>, id: string): ItemPages<Item> {
  return mapItems(data, (items) => items.filter((item) => item.id !== id));
}

/** Replaces an item in its place, or inserts a new one before the first item that comes after it in the order. */
export function withItem<Item extends Identified>(
  data: ItemPages<Item>,
  item: Item,
  comesBefore: (item: Item, other: Item) => boolean,
): ItemPages<Item> {
  if (data.pages.some(({ items }) => items.some(({ id }) => id === item.id))) {
    return mapItems(data, (items) => items.map((other) => (other.id === item.id ? item : other)));
  }
  const found = data.pages.findIndex(({ items }) => items.some((other) => comesBefore(item, other)));
  const page = found === -1 ? data.pages.length - 1 : found;
  return {
    ...data,
    pages: data.pages.map((candidate, index) =>
      index === page ? { ...candidate, items: insert(candidate.items, item, comesBefore) } : candidate,
    ),
  };
}

function insert<Item>(items: readonly Item[], item: Item, comesBefore: (item: Item, other: Item) => boolean): Item[] {
  const index = items.findIndex((other) => comesBefore(item, other));
  return index === -1 ? [...items, item] : items.toSpliced(index, 0, item);
}

function mapItems<Item>(data: ItemPages<Item>, change: (items: Item[]) => Item[]): ItemPages<Item> {
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: change(page.items) })) };
}
