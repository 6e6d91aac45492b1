import { expect, it } from "vitest";
import { storedReceipts } from "@/server/receipts/stored-receipts";

const dream = { kind: "dream", id: "d1" };

it.each([
  ["as they were stored", [dream], [dream]],
  ["without those whose kind only a newer release knows", [{ kind: "poem", id: "p1" }, dream], [dream]],
  ["as none, where an older release stored none", undefined, []],
  ["as none, where it is no list", "dream", []],
])("receipts are read %s", (_how, stored, read) => {
  expect(storedReceipts.parse(stored)).toEqual(read);
});
