import { beforeEach, describe, expect, inject, it } from "vitest";
import { insertRow } from "@/tests/support/database/insert-row";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");
const sql = createSqlClient(stack);

const BEFORE = "2026-09-10T12:00:00Z";
const IN_MONTH = "2026-10-10T12:00:00Z";
const AFTER = "2026-11-03T12:00:00Z";
const OCTOBER = { from: "2026-10-01T00:00:00.000Z", until: "2026-11-01T00:00:00.000Z" };

let app: TestApp;
let person: Person;
beforeEach(async () => {
  app = createTestApp({ stack });
  person = await createPerson(stack);
});

const insert = (table: string, columns: Record<string, unknown>, by = person) => insertRow(sql, by.id, table, columns);

const pattern = (content: string, columns: Record<string, unknown> = {}, by = person) =>
  insert(
    "clarify_patterns",
    { type: "tension", content, strength: 5, created_at: BEFORE, last_seen_at: IN_MONTH, ...columns },
    by,
  );
const dream = (title: string, columns: Record<string, unknown> = {}, by = person) =>
  insert("dreams", { title, created_at: BEFORE, updated_at: BEFORE, ...columns }, by);
const reflection = (tone: string | null, at: string, columns: Record<string, unknown> = {}) =>
  insert("reflections", { tone, content: "A day", created_at: at, ...columns });

const lookBack = (by = person) => app.as(by).lookBack.read(OCTOBER);

describe("a look back", () => {
  it("shows what came back: patterns that were known before, and were seen again then", async () => {
    const strong = await pattern("Sea or land", { strength: 8 });
    const again = await pattern("Giving and having");
    await pattern("Only new", { created_at: IN_MONTH });
    await pattern("Not seen then", { last_seen_at: BEFORE });
    await pattern("Paused", { paused: true });
    const sessionId = await insert("clarify_sessions", { title: "A walk" });
    const message = { session_id: sessionId, role: "user", content: "hello", created_at: IN_MONTH };
    const messageId = await insert("clarify_messages", message);
    const seenSince = await pattern("Seen then and since", {
      strength: 3,
      last_seen_at: AFTER,
      message_ids: `{${messageId}}`,
    });
    const { cameBack } = await lookBack();
    expect(cameBack.map(({ id }) => id)).toEqual([strong, again, seenSince]);
    expect(cameBack[0]).toEqual({
      id: strong,
      content: "Sea or land",
      type: "tension",
      knownSince: "2026-09-10T12:00:00.000Z",
    });
  });

  it("shows what shifted: dreams that began, were achieved or let go of, and the tones of the days", async () => {
    await dream("Achieved", { status: "achieved", achieved_at: IN_MONTH });
    await dream("Let go", { status: "released", released_at: "2026-10-12T00:00:00Z" });
    await dream("Begun", { created_at: "2026-10-14T00:00:00Z" });
    await dream("Achieved later", { status: "achieved", achieved_at: AFTER });
    for (const tone of ["torn", "Torn", "tired"]) await reflection(tone, BEFORE);
    for (const tone of ["calm", "hopeful", "calm", null]) await reflection(tone, IN_MONTH);
    await reflection("proud", AFTER);
    await reflection("anxious", IN_MONTH, { paused: true });
    const { dreams, tones } = await lookBack();
    expect(dreams.map(({ title, change }) => `${title}: ${change}`)).toEqual([
      "Begun: begun",
      "Let go: released",
      "Achieved: achieved",
    ]);
    expect(tones).toEqual({ before: ["torn", "tired"], now: ["calm", "hopeful"] });
  });

  it("shows which dreams went quiet: those that nothing was changed in, reflected on or said about", async () => {
    const quietest = await dream("Sail", { updated_at: "2026-08-01T00:00:00Z" });
    const quiet = await dream("Throw a moon jar");
    await dream("Changed", { updated_at: IN_MONTH });
    await dream("Paused", { paused: true });
    await dream("Achieved", { status: "achieved", achieved_at: BEFORE });
    const about = await dream("Reflected on");
    await reflection("calm", IN_MONTH, { dream_id: about });
    await dream("Talked about");
    const sessionId = await insert("clarify_sessions", { title: "A talk" });
    for (const [content, created_at] of [
      ["I want to sail.", BEFORE],
      ["It is talked about a lot.", AFTER],
    ]) {
      await insert("clarify_messages", { session_id: sessionId, role: "user", content, created_at });
    }
    expect((await lookBack()).quiet.map(({ id }) => id)).toEqual([quietest, quiet]);
  });

  it("is empty for somebody who was not here yet, and never of anybody else", async () => {
    await pattern("Sea or land");
    await dream("Sail");
    const stranger = await createPerson(stack);
    expect(await lookBack(stranger)).toEqual({ cameBack: [], dreams: [], tones: { before: [], now: [] }, quiet: [] });
  });

  it("leaves out what speaks of despair", async () => {
    await pattern("Wants to kill herself");
    await pattern("I want to die");
    await dream("אני רוצה למות");
    const { cameBack, quiet } = await lookBack();
    expect([...cameBack, ...quiet].map(({ id }) => id)).toHaveLength(0);
  });

  it.each([
    [{ from: OCTOBER.until, until: OCTOBER.from }],
    [{ from: OCTOBER.from, until: "2026-12-01T00:00:00.000Z" }],
    [{ from: "October", until: OCTOBER.until }],
  ])("refuses %j", async (stretch) => {
    await expect(app.as(person).lookBack.read(stretch)).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });
});
