import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { SectionName } from "@/server/clarify/sections";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");
const sql = createSqlClient(stack);

/** More rows of everything than the limits let through. */
async function liveALife(person: Person) {
  await sql(
    `insert into public.dreams (user_id, title, status, updated_at)
     select $1, 'Dream ' || n, 'active', now() - n * interval '1 day' from generate_series(1, 7) n`,
    [person.id],
  );
  await sql(`insert into public.dreams (user_id, title, status) values ($1, 'Dream long achieved', 'achieved')`, [
    person.id,
  ]);
  await sql(
    `insert into public.clarify_patterns (user_id, type, content, strength)
     select $1, 'tension', 'Pattern ' || n, least(n, 10) from generate_series(1, 14) n`,
    [person.id],
  );
  await sql(
    `insert into public.clarify_sessions (user_id, title, created_at)
     select $1, 'Session ' || n, now() - n * interval '1 hour' from generate_series(1, 6) n`,
    [person.id],
  );
  await sql(
    `insert into public.reflections (user_id, tone, content, created_at)
     select $1, 'calm', 'Reflection ' || n, now() - n * interval '1 hour' from generate_series(1, 8) n`,
    [person.id],
  );
}

/** The real database, except that requests for some tables fail. */
function brokenFor(
  tables: string[],
  answer: (signal: AbortSignal | null | undefined) => Promise<Response>,
): typeof fetch {
  return (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    return tables.some((table) => url.includes(`/rest/v1/${table}`)) ? answer(init?.signal) : fetch(input, init);
  };
}

describe("clarifyContext.get", () => {
  let person: Person;
  let sessionIds: string[];
  beforeAll(async () => {
    person = await createPerson(stack, { name: "Noa" });
    await liveALife(person);
    const rows = await sql(`select id from public.clarify_sessions where user_id = $1 order by last_message_at desc`, [
      person.id,
    ]);
    sessionIds = rows.map((row) => String(row.id));
  });

  it("holds the sections within their limits, in their order", async () => {
    const context = await createTestApp({ stack }).as(person).clarifyContext.get({ sessionId: null });
    const labels = Object.fromEntries(
      context.sections.map(({ name, items }): [SectionName, string[]] => [name, items.map(({ label }) => label)]),
    );
    expect(labels.user?.[0]).toBe("Noa");
    expect(labels.dreams).toEqual(["Dream 1", "Dream 2", "Dream 3", "Dream 4", "Dream 5"]);
    expect(labels.patterns).toHaveLength(10);
    expect(labels.patterns?.slice(5)).toEqual(["Pattern 9", "Pattern 8", "Pattern 7", "Pattern 6", "Pattern 5"]);
    expect(labels.sessions).toEqual(["Session 1", "Session 2", "Session 3"]);
    expect(labels.reflections).toEqual(["Reflection 1", "Reflection 2", "Reflection 3"]);
    expect(context.sections.map(({ more }) => more)).toEqual([false, true, true, true, true]);
    expect(context.text).toContain("- Dream 1");
    expect(context.tokens).toBeLessThan(context.budget);
  });

  it("says of a section whether there is more than it holds, whichever session is the current one", async () => {
    const few = await createPerson(stack);
    const sessions = await sql(
      `insert into public.clarify_sessions (user_id, title) select $1, 'Session ' || n from generate_series(1, 4) n
       returning id`,
      [few.id],
    );
    await sql(`insert into public.dreams (user_id, title) select $1, 'Dream ' || n from generate_series(1, 5) n`, [
      few.id,
    ]);
    const caller = createTestApp({ stack }).as(few).clarifyContext;
    const more = async (sessionId: string | null) => {
      const { sections } = await caller.get({ sessionId });
      return Object.fromEntries(sections.map(({ name, more: isMore }) => [name, isMore]));
    };
    expect(await more(null)).toMatchObject({ dreams: false, sessions: true });
    expect(await more(String(sessions[0]?.id))).toMatchObject({ dreams: false, sessions: false });
  });

  it("loads once, then answers from the cache without touching the database", async () => {
    let requests = 0;
    const databaseFetch: typeof fetch = (input, init) => {
      requests += 1;
      return fetch(input, init);
    };
    const app = createTestApp({ stack, databaseFetch });
    const first = await app.as(person).clarifyContext.get({ sessionId: null });
    expect(first.sections.map(({ source }) => source)).toEqual(Array(5).fill("loaded"));
    expect(requests).toBe(5);
    await app.backgroundDone();

    const second = await app.as(person).clarifyContext.get({ sessionId: null });
    expect(second.sections.map(({ source }) => source)).toEqual(Array(5).fill("fresh"));
    expect(requests).toBe(5);
    expect(second.text).toBe(first.text);
  });

  it("leaves the current session out after the cache: one entry serves every session", async () => {
    const app = createTestApp({ stack });
    await app.as(person).clarifyContext.get({ sessionId: null });
    await app.backgroundDone();
    const [current = ""] = sessionIds;
    const context = await app.as(person).clarifyContext.get({ sessionId: current });
    const sessions = context.sections[3];
    expect(sessions?.source).toBe("fresh");
    expect(sessions?.items.map(({ label }) => label)).toEqual(["Session 2", "Session 3", "Session 4"]);
  });

  it("is always the caller's own, even if another session is named", async () => {
    const stranger = await createPerson(stack, { name: "Somebody else" });
    const [foreign = ""] = sessionIds;
    const context = await createTestApp({ stack }).as(stranger).clarifyContext.get({ sessionId: foreign });
    expect(context.text).toContain("Somebody else");
    expect(context.text).not.toMatch(/Dream \d/);
    expect(context.sections.every(({ source }) => source === "loaded")).toBe(true);
  });

  it.each([
    ["answers 500", "unavailable", async () => new Response("<h1>oops</h1>", { status: 500 })],
    ["refuses the connection", "unavailable", async () => Promise.reject(new TypeError("fetch failed"))],
    ["answers something that is not rows", "unavailable", async () => new Response("<html>", { status: 200 })],
  ] as const)("goes without a section whose loader %s, and says why", async (_what, reason, answer) => {
    const app = createTestApp({ stack, databaseFetch: brokenFor(["dreams"], answer) });
    const context = await app.as(person).clarifyContext.get({ sessionId: null });
    expect(context.sections.map(({ source }) => source)).toEqual(["loaded", "missing", "loaded", "loaded", "loaded"]);
    expect(context.sections[1]).toMatchObject({ missingReason: reason, itemsLoaded: 0, ageMs: null });
    expect(context.text).toContain("Could not be read just now");
  });

  it("never keeps a failure: the next build loads the section", async () => {
    let broken = true;
    const flaky: typeof fetch = (input, init) =>
      broken && String(input).includes("/rest/v1/dreams") ? Promise.reject(new TypeError("down")) : fetch(input, init);
    const app = createTestApp({ stack, databaseFetch: flaky });
    await app.as(person).clarifyContext.get({ sessionId: null });
    broken = false;
    const context = await app.as(person).clarifyContext.get({ sessionId: null });
    expect(context.sections[1]).toMatchObject({ source: "loaded", itemsLoaded: 5 });
    expect(context.sections[0]?.source).toBe("fresh");
  });

  it("logs the build without anything the person wrote", async () => {
    const app = createTestApp({ stack });
    await app.as(person).clarifyContext.get({ sessionId: null });
    const line = app.logLines().find(({ msg }) => msg === "context built");
    expect(line).toMatchObject({ sections: { dreams: { source: "loaded", itemsLoaded: 5 } } });
    expect(JSON.stringify(app.logLines())).not.toMatch(/Dream \d|Pattern \d|Noa/);
  });

  it("wants a signed-in person and a well-formed session", async () => {
    const app = createTestApp({ stack });
    await expect(app.as(null).clarifyContext.get({ sessionId: null })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    await expect(app.as(person).clarifyContext.get({ sessionId: "nonsense" })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });
});

describe("clarifyContext's sections", () => {
  it("are procedures of their own, over the same entries", async () => {
    const person = await createPerson(stack, { name: "Noa" });
    const app = createTestApp({ stack });
    const caller = app.as(person);
    expect(await caller.clarifyContext.user()).toMatchObject({ name: "Noa", tier: "free" });
    await app.backgroundDone();
    const context = await caller.clarifyContext.get({ sessionId: null });
    expect(context.sections[0]?.source).toBe("fresh");
  });

  it("keep a missing row as the value it is", async () => {
    const person = await createPerson(stack);
    await sql(`delete from public.users where id = $1`, [person.id]);
    const app = createTestApp({ stack });
    expect(await app.as(person).clarifyContext.user()).toBeNull();
    await app.backgroundDone();
    const context = await app.as(person).clarifyContext.get({ sessionId: null });
    expect(context.sections[0]).toMatchObject({ source: "fresh", itemsLoaded: 0 });
    expect(context.text).toContain("Nothing is known about them yet.");
  });
});

describe("clarifyContext.invalidate", () => {
  it("forgets the sections that it is given, and all five otherwise", async () => {
    const person = await createPerson(stack);
    const app = createTestApp({ stack });
    const caller = app.as(person);
    const sources = async () => {
      const { sections } = await caller.clarifyContext.get({ sessionId: randomUUID() });
      await app.backgroundDone();
      return sections.map(({ source }) => source);
    };
    await sources();
    expect(await caller.clarifyContext.invalidate({ sections: ["dreams"] })).toEqual({ invalidated: ["dreams"] });
    expect(await sources()).toEqual(["fresh", "loaded", "fresh", "fresh", "fresh"]);
    await caller.clarifyContext.invalidate({});
    expect(await sources()).toEqual(Array(5).fill("loaded"));
  });
});
