import { describe, expect, it } from "vitest";
import type { ItemPages } from "@/components/lists/item-pages";
import { flattenItems, withItem, withoutItem } from "@/components/lists/item-pages";

interface Item {
  id: string;
  at: number;
}

const item = (at: number, id = `i${at}`): Item => ({ id, at });
const isNewer = (one: Item, other: Item) => one.at >= other.at;

const pages: ItemPages<Item> = {
  pages: [
    { items: [item(90), item(70)], nextCursor: "older" },
    { items: [item(50), item(30)], nextCursor: null },
  ],
  pageParams: [null, "older"],
};

const ids = (data: ItemPages<Item>) => data.pages.map(({ items }) => items.map(({ id }) => id));

describe("withItem", () => {
  it.each([
    {
      at: 100,
      expected: [
        ["i100", "i90", "i70"],
        ["i50", "i30"],
      ],
    },
    {
      at: 80,
      expected: [
        ["i90", "i80", "i70"],
        ["i50", "i30"],
      ],
    },
    {
      at: 40,
      expected: [
        ["i90", "i70"],
        ["i50", "i40", "i30"],
      ],
    },
    {
      at: 10,
      expected: [
        ["i90", "i70"],
        ["i50", "i30", "i10"],
      ],
    },
  ])("puts a new item of $at where it belongs", ({ at, expected }) => {
    expect(ids(withItem(pages, item(at), isNewer))).toEqual(expected);
  });

  it("changes an item in its place, even if it would belong elsewhere now", () => {
    const changed = withItem(pages, item(100, "i50"), isNewer);
    expect(ids(changed)).toEqual(ids(pages));
    expect(flattenItems(changed)[2]).toEqual(item(100, "i50"));
  });

  it("fills an empty list", () => {
    const empty = { pages: [{ items: [], nextCursor: null }], pageParams: [null] };
    expect(ids(withItem(empty, item(1), isNewer))).toEqual([["i1"]]);
  });
});

it("withoutItem takes an item out of its page, and leaves the pages as they are", () => {
  expect(ids(withoutItem(pages, "i70"))).toEqual([["i90"], ["i50", "i30"]]);
  expect(ids(withoutItem(pages, "unknown"))).toEqual(ids(pages));
});

it("flattenItems shows an item once that moved to the next page while that was loaded", () => {
  const moved = { ...pages, pages: [...pages.pages, { items: [item(30), item(20)], nextCursor: null }] };
  expect(flattenItems(moved).map(({ id }) => id)).toEqual(["i90", "i70", "i50", "i30", "i20"]);
});
