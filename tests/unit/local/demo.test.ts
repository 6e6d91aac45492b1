import { describe, expect, test } from "vitest";
import { demoRows } from "@/server/demo/rows";

const now = new Date("2026-03-02T00:10:00Z");
const userId = "7d0c8a5e-3f0d-4c8e-9b1e-3a1f0a6f2f10";
const rows = demoRows(userId, now);
const all = Object.values(rows).flat();

describe("the demo person's data", () => {
  test("has enough of everything to reach the limits", () => {
    const dreams = [...rows.dreams, ...rows.dreamsOutOfSessions];
    expect(dreams.filter((dream) => dream.status === "active")).toHaveLength(7);
    expect(dreams.some((dream) => dream.status === "achieved")).toBe(true);
    expect(dreams.some((dream) => dream.status === "released")).toBe(true);
    expect(rows.patterns).toHaveLength(14);
    expect(rows.patterns.filter((pattern) => (pattern.strength ?? 0) >= 3)).toHaveLength(11);
    expect(rows.sessions.filter((session) => session.status === "active")).toHaveLength(6);
    expect(rows.sessions.filter((session) => session.status === "archived")).toHaveLength(1);
    expect(rows.reflections).toHaveLength(8);
  });

  test("has a conversation in Hebrew", () => {
    const sessions = rows.messages.filter((message) => /\p{Script=Hebrew}{3}/u.test(message.content));
    expect(new Set(sessions.map((message) => message.session_id)).size).toBe(1);
  });

  test("every message of the person is answered, in conversations of 4 to 12 messages", () => {
    expect(new Set(rows.replies.map((reply) => reply.reply_to))).toEqual(new Set(rows.messages.map(({ id }) => id)));
    for (const session of rows.sessions) {
      const messages = [...rows.messages, ...rows.replies].filter((message) => message.session_id === session.id);
      expect(messages.length).toBeGreaterThanOrEqual(4);
      expect(messages.length).toBeLessThanOrEqual(12);
      const times = messages.map((message) => message.created_at ?? "").sort();
      expect(times[0]).toBe(session.created_at);
      expect(new Set(times).size).toBe(times.length);
    }
  });

  test("lies in the past at any time of seeding", () => {
    for (const row of all) {
      expect(new Date(row.created_at ?? now).getTime()).toBeLessThan(now.getTime());
      expect(new Date(row.updated_at ?? 0).getTime()).toBeLessThan(now.getTime());
    }
  });

  test("has the same ids each time for one person, and others for another", () => {
    const ids = (of: typeof rows) =>
      Object.values(of)
        .flat()
        .map((row) => row.id);
    expect(ids(demoRows(userId, new Date("2027-01-01T12:00:00Z")))).toEqual(ids(rows));
    expect(new Set(ids(rows)).size).toBe(all.length);
    const others = ids(demoRows("11111111-1111-4111-8111-111111111111", now));
    expect(others.some((id) => ids(rows).includes(id))).toBe(false);
  });
});
