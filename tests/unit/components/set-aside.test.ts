import { expect, it } from "vitest";
import { createDraftStore } from "@/components/conversation/state/draft-store";
import { createOutbox } from "@/components/conversation/state/outbox";
import { setAside } from "@/components/conversation/state/set-aside";
import { storageWith } from "./storage";

it("moves the unsent messages of a removed conversation into its draft, in their order", () => {
  const storage = storageWith();
  const [drafts, outbox] = [createDraftStore(() => storage), createOutbox(() => storage, "noa")];
  outbox.put("a", { id: "m2", content: "Second", createdAt: "2026-11-23T08:02:00Z" });
  outbox.put("a", { id: "m1", content: "First", createdAt: "2026-11-23T08:01:00Z" });
  outbox.put("b", { id: "m3", content: "Elsewhere", createdAt: "2026-11-23T08:03:00Z" });
  drafts.write("a", "Begun");
  setAside({ drafts, outbox }, "a");
  expect(drafts.read("a")).toBe("First\n\nSecond\n\nBegun");
  expect(outbox.sessions()).toEqual(["b"]);
});
