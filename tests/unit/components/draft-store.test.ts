import { describe, expect, it, vi } from "vitest";
import { createDraftStore } from "@/components/conversation/state/draft-store";
import { storageWith } from "./storage";

describe("the draft store", () => {
  it("keeps one draft per conversation, across reloads", () => {
    const storage = storageWith();
    createDraftStore(() => storage).write("a", "half a thought");
    const reloaded = createDraftStore(() => storage);
    expect(reloaded.read("a")).toBe("half a thought");
    expect(reloaded.read("b")).toBe("");
  });

  it("leaves nothing behind of an empty draft", () => {
    const storage = storageWith();
    const drafts = createDraftStore(() => storage);
    drafts.write("a", "x");
    drafts.write("a", "");
    expect(storage.entries.size).toBe(0);
  });

  it("shares a draft between tabs, and is emptied by the tab that sends it", () => {
    const storage = storageWith();
    const [one, other] = [createDraftStore(() => storage), createDraftStore(() => storage)];
    one.write("a", "half");
    expect(other.read("a")).toBe("half");
    other.write("a", "half a thought");
    expect(one.read("a")).toBe("half a thought");
    one.write("a", "");
    expect(other.read("a")).toBe("");
  });

  it("keeps drafts that a full storage does not accept, and stores them once there is room", () => {
    const storage = storageWith();
    let full = true;
    const setItem = storage.setItem;
    storage.setItem = (key, value) => {
      if (full) throw new DOMException("", "QuotaExceededError");
      setItem(key, value);
    };
    const drafts = createDraftStore(() => storage);
    drafts.write("a", "long");
    expect(drafts.read("a")).toBe("long");
    full = false;
    drafts.write("a", "longer");
    expect(createDraftStore(() => storage).read("a")).toBe("longer");
  });

  it("removes all drafts, and nothing else", () => {
    const storage = storageWith({ other: "kept" });
    const drafts = createDraftStore(() => storage);
    drafts.write("a", "x");
    drafts.write("b", "y");
    drafts.clear();
    expect([...storage.entries.keys()]).toEqual(["other"]);
    expect(drafts.read("a")).toBe("");
  });

  it("works without storage for as long as the page is open", () => {
    const drafts = createDraftStore(() => {
      throw new Error("forbidden");
    });
    const listener = vi.fn();
    drafts.subscribe(listener);
    drafts.write("a", "x");
    expect(drafts.read("a")).toBe("x");
    expect(listener).toHaveBeenCalledOnce();
    expect(() => drafts.clear()).not.toThrow();
  });
});
