import { describe, expect, it } from "vitest";
import { createRemovalStore } from "@/components/lists/removal-store";
import { activityWords, searchSessions } from "@/components/sessions/session-words";
import { readShortcutsOn, shortcutFor, writeShortcutsOn } from "@/components/ui/shortcuts";
import type { Session } from "@/server/sessions/router";
import { english } from "../../support/english";

const session = (id: string, lastMessageAt: string, title: string | null = id): Session => ({
  id,
  title,
  status: "active",
  offRecord: false,
  messageCount: 2,
  lastMessageAt,
  createdAt: "2026-11-01T00:00:00Z",
});

describe("searchSessions", () => {
  const all = [session("1", "", "Leaving the city"), session("2", "", "לעזוב את העיר"), session("3", "", null)];
  it.each([
    ["", ["1", "2", "3"]],
    ["CITY leav", ["1"]],
    ["העיר", ["2"]],
    ["new conv", ["3"]],
    ["sea", []],
  ])("finds by %s", (search, found) => {
    expect(searchSessions(all, search, english.words.sessions.untitled).map(({ id }) => id)).toEqual(found);
  });
});

describe("activityWords", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  it.each([
    ["2026-11-23T11:59:30Z", "just now"],
    ["2026-11-23T12:00:05Z", "just now"],
    ["2026-11-23T11:20:00Z", "40 min"],
    ["2026-11-23T02:00:00Z", "10 h"],
    ["2026-11-21T12:00:00Z", "Sat"],
    ["2026-11-04T12:00:00Z", "4 Nov"],
    ["2025-11-04T12:00:00Z", "4 Nov 2025"],
  ])("says of %s: %s", (at, words) => {
    expect(activityWords(at, now, english, "UTC")).toBe(words);
  });
});

describe("the removal store", () => {
  it("hides an item while it is being removed, and tells its listeners", () => {
    const removals = createRemovalStore();
    let changes = 0;
    removals.subscribe(() => {
      changes += 1;
    });
    removals.hide("a");
    removals.hide("b");
    expect([...removals.hidden()]).toEqual(["a", "b"]);
    removals.show("a");
    expect([...removals.hidden()]).toEqual(["b"]);
    expect(changes).toBe(3);
  });
});

describe("shortcuts", () => {
  const press = (key: string, more: object = {}) => {
    return { key, code: "", ctrlKey: false, metaKey: false, altKey: false, ...more };
  };

  it("are single keys, left alone when they belong to the browser", () => {
    expect(shortcutFor(press("/"))).toBe("search");
    expect(shortcutFor(press("n"))).toBe("create");
    expect(shortcutFor(press("m"))).toBe("write");
    expect(shortcutFor(press("n", { ctrlKey: true }))).toBeNull();
    expect(shortcutFor(press("x"))).toBeNull();
  });

  it("are the same keys where Hebrew is typed, and what is typed in Latin letters counts as typed", () => {
    expect(shortcutFor(press("מ", { code: "KeyN" }))).toBe("create");
    expect(shortcutFor(press("צ", { code: "KeyM" }))).toBe("write");
    expect(shortcutFor(press("/", { code: "KeyQ" }))).toBe("search");
    expect(shortcutFor(press("n", { code: "KeyL" }))).toBe("create");
    expect(shortcutFor(press("r", { code: "KeyN" }))).toBeNull();
    expect(shortcutFor(press("א", { code: "Unidentified" }))).toBeNull();
  });

  it("are on until they are turned off", () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    expect(readShortcutsOn(storage)).toBe(true);
    writeShortcutsOn(storage, false);
    expect(readShortcutsOn(storage)).toBe(false);
    writeShortcutsOn(storage, true);
    expect(readShortcutsOn(storage)).toBe(true);
  });
});
