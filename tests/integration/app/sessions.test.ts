import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, it } from "vitest";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");
const sql = createSqlClient(stack);

let app: TestApp;
let person: Person;
beforeEach(async () => {
  app = createTestApp({ stack });
  person = await createPerson(stack);
});

describe("sessions.list", () => {
  it("pages from the newest to the oldest, each session once", async () => {
    await sql(
      `insert into public.clarify_sessions (user_id, title, created_at)
       select $1, 'Session ' || n, now() - (n / 2) * interval '1 hour' from generate_series(1, 25) n`,
      [person.id],
    );
    const titles: (string | null)[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: Awaited<ReturnType<ReturnType<TestApp["as"]>["sessions"]["list"]>> = await app
        .as(person)
        .sessions.list({ status: "active", limit: 10, cursor });
      titles.push(...page.items.map(({ title }) => title));
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== null);
    expect(pages).toBe(3);
    expect(new Set(titles).size).toBe(25);
    const hours = titles.map((title) => Math.floor(Number(title?.slice(8)) / 2));
    expect(hours).toEqual([...hours].sort((left, right) => left - right));
  });

  it("refuses a cursor that it did not issue", async () => {
    const forged = Buffer.from(JSON.stringify(['2026-01-01",id.gt.0', randomUUID()])).toString("base64url");
    for (const cursor of ["nonsense", forged]) {
      await expect(app.as(person).sessions.list({ status: "active", cursor })).rejects.toMatchObject({
        code: "BAD_REQUEST",
      });
    }
  });
});

describe("a session", () => {
  it("is created, renamed, archived, restored and removed", async () => {
    const { sessions } = app.as(person);
    const created = await sessions.create({});
    expect(created).toMatchObject({ title: null, status: "active", messageCount: 0 });
    const sessionId = created.id;

    expect(await sessions.rename({ sessionId, title: "  The sea  " })).toMatchObject({ title: "The sea" });
    expect(await sessions.archive({ sessionId })).toMatchObject({ status: "archived", title: "The sea" });
    expect((await sessions.list({ status: "active" })).items).toEqual([]);
    expect((await sessions.list({ status: "archived" })).items).toHaveLength(1);
    expect(await sessions.restore({ sessionId })).toMatchObject({ status: "active" });
    expect(await sessions.get({ sessionId })).toMatchObject({ id: sessionId, title: "The sea" });
    expect(await sessions.remove({ sessionId })).toEqual({ id: sessionId });
    await expect(sessions.get({ sessionId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("does not repeat a title that speaks of suicide, neither in lists nor to the model", async () => {
    const caller = app.as(person);
    const { id: sessionId } = await caller.sessions.create({});
    await caller.sessions.rename({ sessionId, title: "I don’t want to live anymore" });
    expect((await caller.sessions.list({ status: "active" })).items[0]?.title).toBeNull();
    const { text } = await caller.clarifyContext.get({ sessionId: null });
    expect(text).toContain("(about a very hard time)");
    expect(text).not.toContain("want to live");
  });

  it("may be created twice under the client's own id", async () => {
    const id = randomUUID();
    const first = await app.as(person).sessions.create({ id });
    const second = await app.as(person).sessions.create({ id });
    expect(second).toEqual(first);
  });

  it("cannot take another person's id, and does not reveal that it exists", async () => {
    const { id } = await app.as(await createPerson(stack)).sessions.create({});
    await expect(app.as(person).sessions.create({ id })).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it.each(["get", "archive", "restore", "remove"] as const)(
    "of somebody else cannot be reached by %s",
    async (name) => {
      const { id: sessionId } = await app.as(await createPerson(stack)).sessions.create({});
      const { sessions } = app.as(person);
      await expect(sessions[name]({ sessionId })).rejects.toMatchObject({
        code: "NOT_FOUND",
        message: "This conversation does not exist, or it is not yours.",
      });
      await expect(sessions[name]({ sessionId: randomUUID() })).rejects.toMatchObject({ code: "NOT_FOUND" });
    },
  );

  it("refuses bad input with words that name it", async () => {
    const { sessions } = app.as(person);
    const { id: sessionId } = await sessions.create({});
    await expect(sessions.rename({ sessionId, title: "   " })).rejects.toThrow(/at least one character/);
    await expect(sessions.rename({ sessionId, title: "x".repeat(201) })).rejects.toThrow(/at most 200 characters/);
    await expect(sessions.get({ sessionId: "not-an-id" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(app.as(null).sessions.create({})).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });

  it("shows in the very next context when it is created, renamed, archived or removed", async () => {
    const caller = app.as(person);
    const labels = async () => {
      const context = await caller.clarifyContext.get({ sessionId: null });
      await app.backgroundDone();
      return {
        sessions: context.sections[3]?.items.map(({ label }) => label),
        totals: context.sections[0]?.items[2]?.label,
      };
    };
    await labels();
    const { id: sessionId } = await caller.sessions.create({});
    expect(await labels()).toEqual({ sessions: [], totals: "1 sessions, 0 reflections" });
    await caller.sessions.rename({ sessionId, title: "The sea" });
    expect((await labels()).sessions).toEqual(["The sea"]);
    await caller.sessions.archive({ sessionId });
    expect((await labels()).sessions).toEqual([]);
    await caller.sessions.remove({ sessionId });
    expect((await labels()).totals).toBe("0 sessions, 0 reflections");
  });
});
