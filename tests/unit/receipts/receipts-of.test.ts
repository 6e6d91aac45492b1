import { describe, expect, it } from "vitest";
import { MAX_RECEIPTS } from "@/server/receipts/receipt";
import type { ReadItem } from "@/server/receipts/receipts-of";
import { receiptsOf } from "@/server/receipts/receipts-of";
import { DREW_ON, DREW_ON_NOTHING, READ } from "./corpus";

const idsOf = (reply: string, said: readonly string[], items = READ) =>
  receiptsOf(reply, { items, said }).map(({ id }) => id);

describe("a reply that draws on what it read", () => {
  it.each(DREW_ON)("shows it: $what", ({ reply, said, drewOn }) => {
    expect(idsOf(reply, said)).toEqual(drewOn);
  });
});

describe("a reply of which it cannot be told", () => {
  it.each(DREW_ON_NOTHING)("shows nothing where it $what", ({ reply, said }) => {
    expect(idsOf(reply, said)).toEqual([]);
  });
});

const dream = (id: string, title: string): ReadItem => ({ kind: "dream", id, title, text: title, day: null });

describe("receipts", () => {
  it("are none where two items have the same title", () => {
    const items = [dream("one", "Walk to the lighthouse"), dream("other", "Walk to the lighthouse")];
    expect(idsOf("Do you think of “Walk to the lighthouse”?", [], items)).toEqual([]);
  });

  it("are those of the item that shares more, where another one shares some of it", () => {
    const less = { ...dream("less", ""), title: null, text: "The lighthouse and the harbour." };
    const more = { ...dream("more", ""), title: null, text: "The lighthouse, the harbour and the heron." };
    expect(idsOf("There was a heron by the lighthouse, above the harbour.", [], [less, more])).toEqual(["more"]);
  });

  it("hold kind and id and no words, and are few", () => {
    const titles = [
      "Paint the harbour",
      "Restore the rowboat",
      "Plant an orchard",
      "Publish the zine",
      "Learn Yiddish songs",
    ];
    const items = titles.map((title, at) => dream(String(at), title));
    const receipts = receiptsOf(titles.map((title) => `“${title}”`).join(" and "), { items, said: [] });
    expect(receipts).toEqual(["0", "1", "2", "3"].map((id) => ({ kind: "dream", id })));
    expect(receipts).toHaveLength(MAX_RECEIPTS);
  });
});
