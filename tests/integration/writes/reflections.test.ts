import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, it } from "vitest";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");
const sql = createSqlClient(stack);
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let app: TestApp;
let person: Person;
beforeEach(async () => {
  app = createTestApp({ stack });
  person = await createPerson(stack);
});

describe("a reflection", () => {
  it("is written, changed, linked, unlinked and removed; each answer is the stored row", async () => {
    const { reflections, dreams } = app.as(person);
    const { id: dreamId } = await dreams.create({ title: "Learn to sail" });
    const created = await reflections.create({ tone: " calm ", content: " The harbour at six. " });
    expect(created).toEqual({
      id: expect.any(String),
      tone: "calm",
      content: "The harbour at six.",
      dreamId: null,
      paused: false,
      createdAt: expect.stringMatching(ISO),
      updatedAt: expect.stringMatching(ISO),
    });
    const reflectionId = created.id;
    expect(await reflections.update({ reflectionId, tone: " " })).toMatchObject({ tone: null });
    expect(await reflections.update({ reflectionId, dreamId, tone: "awake" })).toMatchObject({
      tone: "awake",
      content: "The harbour at six.",
      dreamId,
    });
    const unlinked = await reflections.update({ reflectionId, dreamId: null });
    expect(unlinked.dreamId).toBeNull();
    expect((await reflections.list({})).items).toEqual([unlinked]);
    expect(await reflections.remove({ reflectionId })).toEqual({ id: reflectionId });
    expect((await reflections.list({})).items).toEqual([]);
  });

  it("needs no tone, and is in the context without one", async () => {
    const caller = app.as(person);
    const reflection = { id: randomUUID(), content: "The harbour at six." };
    const created = await caller.reflections.create(reflection);
    expect(created.tone).toBeNull();
    expect(await caller.reflections.create(reflection)).toEqual(created);
    const { text } = await caller.clarifyContext.get({ sessionId: null });
    expect(text).toMatch(/\d{4}-\d\d-\d\d: The harbour at six\./);
  });

  it("may be created twice under the client's own id, with the same words only", async () => {
    const { reflections } = app.as(person);
    const reflection = { id: randomUUID(), tone: "calm", content: "The harbour at six." };
    const first = await reflections.create(reflection);
    expect(await reflections.create(reflection)).toEqual(first);
    await expect(reflections.create({ ...reflection, content: "Other" })).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it.each([
    [{ tone: "x".repeat(41) }, /A tone can have at most 40 characters/],
    [{ content: "  " }, /A reflection needs at least one character/],
    [{ content: "x".repeat(10_001) }, /A reflection can have at most 10000 characters/],
    [{ dreamId: "nonsense" }, /dreamId/],
    [{ createdAt: "2026-01-01" }, /Unrecognized key/],
  ])("is refused with %o", async (change, message) => {
    const creating = app.as(person).reflections.create({ tone: "calm", content: "The harbour", ...change });
    await expect(creating).rejects.toMatchObject({ code: "BAD_REQUEST", message: expect.stringMatching(message) });
  });

  it("of another person cannot be reached, and neither can their dream", async () => {
    const stranger = app.as(await createPerson(stack));
    const { id: reflectionId } = await stranger.reflections.create({ tone: "calm", content: "Theirs" });
    const { id: dreamId } = await stranger.dreams.create({ title: "Theirs" });
    const { reflections } = app.as(person);
    const notFound = { code: "NOT_FOUND", message: "This reflection does not exist, or it is not yours." };
    const dreamNotFound = { code: "NOT_FOUND", message: "This dream does not exist, or it is not yours." };
    await expect(reflections.update({ reflectionId, content: "Mine" })).rejects.toMatchObject(notFound);
    await expect(reflections.remove({ reflectionId })).rejects.toMatchObject(notFound);
    await expect(reflections.create({ tone: "calm", content: "Mine", dreamId })).rejects.toMatchObject(dreamNotFound);
    const { id: own } = await reflections.create({ tone: "calm", content: "Mine" });
    await expect(reflections.update({ reflectionId: own, dreamId })).rejects.toMatchObject(dreamNotFound);
    await expect(reflections.update({ reflectionId: own })).rejects.toThrow(/Nothing to change/);
  });
});

describe("reflections.list", () => {
  it("pages from the newest to the oldest, each reflection once", async () => {
    await sql(
      `insert into public.reflections (user_id, tone, content, created_at)
       select $1, 'calm', 'Reflection ' || n, now() - (n / 3) * interval '1 hour' from generate_series(1, 12) n`,
      [person.id],
    );
    const { reflections } = app.as(person);
    const first = await reflections.list({ limit: 7 });
    const second = await reflections.list({ limit: 7, cursor: first.nextCursor });
    expect(second.nextCursor).toBeNull();
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(12);
  });
});

describe("patterns", () => {
  it("are listed, latest seen first, and deleted", async () => {
    await sql(
      `insert into public.clarify_patterns (user_id, type, content, strength, last_seen_at)
       select $1, 'tension', 'Pattern ' || n, n, now() - n * interval '1 day' from generate_series(1, 5) n`,
      [person.id],
    );
    const { patterns } = app.as(person);
    const first = await patterns.list({ limit: 3 });
    expect(first.items.map(({ content }) => content)).toEqual(["Pattern 1", "Pattern 2", "Pattern 3"]);
    expect(first.items[0]).toMatchObject({ type: "tension", strength: 1, lastSeenAt: expect.stringMatching(ISO) });
    const second = await patterns.list({ limit: 3, cursor: first.nextCursor });
    expect(second.items.map(({ content }) => content)).toEqual(["Pattern 4", "Pattern 5"]);

    const patternId = first.items[0]?.id ?? "";
    const stranger = app.as(await createPerson(stack));
    const notFound = { code: "NOT_FOUND", message: "This pattern does not exist, or it is not yours." };
    await expect(stranger.patterns.remove({ patternId })).rejects.toMatchObject(notFound);
    expect(await patterns.remove({ patternId })).toEqual({ id: patternId });
    await expect(patterns.remove({ patternId })).rejects.toMatchObject(notFound);
    expect((await patterns.list({})).items).toHaveLength(4);
  });
});
