import { describe, expect, it } from "vitest";
import { createNewConversations, newSession } from "@/components/conversation/state/new-conversations";
import { storageWith } from "./storage";

const begun = { offRecord: false, createdAt: "2026-11-23T08:00:00Z", sent: false };

describe("new conversations", () => {
  it("are kept across reloads and shared by the tabs, until the server has them", () => {
    const storage = storageWith();
    const [one, other] = [createNewConversations(() => storage, "noa"), createNewConversations(() => storage, "noa")];
    one.put("a", begun);
    other.put("a", { ...begun, offRecord: true });
    expect(one.read("a")).toEqual({ ...begun, offRecord: true });
    other.remove("a");
    expect(one.read("a")).toBeNull();
    expect(one.ids()).toEqual([]);
  });

  it("are those of one person, and all of them go when somebody signs out", () => {
    const storage = storageWith({ other: "kept" });
    const [noa, dan] = [createNewConversations(() => storage, "noa"), createNewConversations(() => storage, "dan")];
    noa.put("a", begun);
    expect(dan.read("a")).toBeNull();
    dan.clear();
    expect(noa.ids()).toEqual([]);
    expect([...storage.entries.keys()]).toEqual(["other"]);
  });

  it("last as long as the page if the storage refuses them", () => {
    const full = {
      ...storageWith(),
      setItem: () => {
        throw new Error("full");
      },
    };
    const conversations = createNewConversations(() => full, "noa");
    conversations.put("a", begun);
    expect(conversations.read("a")).toEqual(begun);
    expect(conversations.allStored()).toBe(false);
  });

  it("ignores what another version stored", () => {
    const stored = { "clarify:new:noa:a": "{", "clarify:new:noa:b": `{"offRecord":"yes"}` };
    const conversations = createNewConversations(() => storageWith(stored), "noa");
    expect([conversations.read("a"), conversations.read("b")]).toEqual([null, null]);
  });

  it("tell who listens, and look like an empty session", () => {
    const conversations = createNewConversations(() => storageWith(), "noa");
    let changes = 0;
    conversations.subscribe(() => {
      changes += 1;
    });
    conversations.put("a", begun);
    conversations.remove("a");
    expect(changes).toBe(2);
    expect(newSession("a", { ...begun, offRecord: true })).toMatchObject({ id: "a", title: null, offRecord: true });
  });
});
