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

describe("a dream", () => {
  it("is created, changed, achieved, made active again, released and removed; each answer is the stored row", async () => {
    const { dreams, sessions } = app.as(person);
    const { id: sessionId } = await sessions.create({});
    const created = await dreams.create({
      title: "  Learn to sail ",
      description: "  ",
      category: "sea",
      targetDate: "2028-02-29",
      sessionId,
    });
    expect(created).toEqual({
      id: expect.any(String),
      title: "Learn to sail",
      description: null,
      category: "sea",
      status: "active",
      targetDate: "2028-02-29",
      sessionId,
      achievedAt: null,
      releasedAt: null,
      paused: false,
      createdAt: expect.stringMatching(ISO),
      updatedAt: expect.stringMatching(ISO),
    });
    const dreamId = created.id;

    const updated = await dreams.update({ dreamId, description: "On my own", targetDate: null });
    expect(updated).toMatchObject({ title: "Learn to sail", description: "On my own", targetDate: null });
    expect(updated.category).toBe("sea");
    expect(await dreams.setStatus({ dreamId, status: "achieved" })).toMatchObject({
      status: "achieved",
      achievedAt: expect.stringMatching(ISO),
    });
    expect((await dreams.list({ status: "active" })).items).toEqual([]);
    expect((await dreams.list({ status: "achieved" })).items).toHaveLength(1);
    expect(await dreams.setStatus({ dreamId, status: "active" })).toMatchObject({ status: "active", achievedAt: null });
    const released = await dreams.setStatus({ dreamId, status: "released" });
    expect(released.releasedAt).toMatch(ISO);
    expect((await dreams.list({})).items).toEqual([released]);
    expect(await dreams.remove({ dreamId })).toEqual({ id: dreamId });
    await expect(dreams.remove({ dreamId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("may be created twice under the client's own id, with the same words only", async () => {
    const { dreams } = app.as(person);
    const id = randomUUID();
    const first = await dreams.create({ id, title: "Learn to sail" });
    expect(await dreams.create({ id, title: "Learn to sail" })).toEqual(first);
    await expect(dreams.create({ id, title: "Learn to fly" })).rejects.toMatchObject({ code: "CONFLICT" });
    expect((await dreams.list({})).items).toEqual([first]);
    const stranger = app.as(await createPerson(stack));
    await expect(stranger.dreams.create({ id, title: "Learn to sail" })).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it.each([
    [{ title: "" }, /A title needs at least one character/],
    [{ title: " \n " }, /A title needs at least one character/],
    [{ title: "x".repeat(201) }, /A title can have at most 200 characters/],
    [{ title: "😀".repeat(201) }, /A title can have at most 200 characters/],
    [{ title: "nul \0" }, /characters that cannot be stored/],
    [{ title: "half \ud800 pair" }, /characters that cannot be stored/],
    [{ description: "x".repeat(4_001) }, /A description can have at most 4000 characters/],
    [{ category: "x".repeat(51) }, /A category can have at most 50 characters/],
    [{ targetDate: "2027-02-29" }, /has to exist/],
    [{ targetDate: "2027-13-01" }, /has to exist/],
    [{ targetDate: "soon" }, /has to exist/],
    [{ targetDate: "0000-01-01" }, /begins with the year 1/],
    [{ sessionId: "nonsense" }, /sessionId/],
    [{ id: "nonsense" }, /id/],
    [{ user_id: randomUUID() }, /Unrecognized key/],
    [{ status: "achieved" }, /Unrecognized key/],
  ])("is refused with %o", async (change, message) => {
    const creating = app.as(person).dreams.create({ title: "Learn to sail", ...change } as { title: string });
    await expect(creating).rejects.toMatchObject({ code: "BAD_REQUEST", message: expect.stringMatching(message) });
    expect((await app.as(person).dreams.list({})).items).toEqual([]);
  });

  it("may have a title of 200 characters, of any number of bytes", async () => {
    const title = "😀".repeat(200);
    expect((await app.as(person).dreams.create({ title })).title).toBe(title);
  });

  it("refuses a change without fields, unknown fields and unknown statuses", async () => {
    const { dreams } = app.as(person);
    const { id: dreamId } = await dreams.create({ title: "Learn to sail" });
    await expect(dreams.update({ dreamId })).rejects.toThrow(/Nothing to change/);
    await expect(dreams.update({ dreamId, title: undefined })).rejects.toThrow(/Nothing to change/);
    await expect(dreams.update({ dreamId, owner: "me" } as { dreamId: string })).rejects.toThrow(/Unrecognized key/);
    await expect(dreams.setStatus({ dreamId, status: "done" as "active" })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  it("of another person cannot be reached, and neither can their conversation", async () => {
    const stranger = app.as(await createPerson(stack));
    const { id: dreamId } = await stranger.dreams.create({ title: "Theirs" });
    const { id: sessionId } = await stranger.sessions.create({});
    const { dreams } = app.as(person);
    const notFound = { code: "NOT_FOUND", message: "This dream does not exist, or it is not yours." };
    await expect(dreams.update({ dreamId, title: "Mine" })).rejects.toMatchObject(notFound);
    await expect(dreams.setStatus({ dreamId, status: "released" })).rejects.toMatchObject(notFound);
    await expect(dreams.remove({ dreamId })).rejects.toMatchObject(notFound);
    await expect(dreams.create({ title: "Mine", sessionId })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "This conversation does not exist, or it is not yours.",
    });
    expect((await stranger.dreams.list({})).items[0]?.title).toBe("Theirs");
    await expect(app.as(null).dreams.list({})).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });

  it("stays when the conversation in which it was created is removed", async () => {
    const { dreams, sessions } = app.as(person);
    const { id: sessionId } = await sessions.create({});
    await dreams.create({ title: "Older", sessionId });
    await dreams.create({ title: "Newer" });
    await sessions.remove({ sessionId });
    const { items } = await dreams.list({});
    expect(items.map(({ title }) => title)).toEqual(["Newer", "Older"]);
    expect(items[1]?.sessionId).toBeNull();
  });
});

describe("dreams.list", () => {
  it("pages from the newest to the oldest, each dream once, equal times included", async () => {
    await sql(
      `insert into public.dreams (user_id, title, updated_at)
       select $1, 'Dream ' || n, now() - (n / 3) * interval '1 hour' from generate_series(1, 25) n`,
      [person.id],
    );
    const { dreams } = app.as(person);
    const first = await dreams.list({ limit: 10 });
    const second = await dreams.list({ limit: 10, cursor: first.nextCursor });
    const third = await dreams.list({ limit: 10, cursor: second.nextCursor });
    expect(third.nextCursor).toBeNull();
    const all = [...first.items, ...second.items, ...third.items];
    expect(new Set(all.map(({ id }) => id)).size).toBe(25);
    const times = all.map(({ updatedAt }) => updatedAt);
    expect(times).toEqual([...times].sort().reverse());
    await expect(dreams.list({ cursor: "nonsense" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });
});
