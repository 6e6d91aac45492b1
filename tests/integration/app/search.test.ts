import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, inject, it } from "vitest";
import { systemClock } from "@/server/clock";
import { fold } from "@/server/sessions/fold";
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

/** Stores messages of a person, each a minute after the one before, and returns their ids. */
async function say(contents: readonly string[], { by = person, sessionId }: { by?: Person; sessionId?: string } = {}) {
  const session = sessionId ?? (await app.as(by).sessions.create({})).id;
  const ids: string[] = [];
  for (const [index, content] of contents.entries()) {
    const id = randomUUID();
    await sql(
      `insert into public.clarify_messages (id, user_id, session_id, role, content, created_at)
       values ($1, $2, $3, $4, $5, '2026-01-01'::timestamptz + $6 * interval '1 minute')`,
      [id, by.id, session, index % 2 === 0 ? "user" : "assistant", content, index],
    );
    ids.push(id);
  }
  return { sessionId: session, ids };
}

async function found(search: string, as = person): Promise<string[]> {
  const { items } = await app.as(as).sessions.search({ search });
  return items.map(({ excerpt }) => excerpt.map(({ text }) => text).join(""));
}

describe("sessions.search", () => {
  it.each([
    ["English, whatever the capitals", "SEA", "I dream of the Sea."],
    ["a part of a word", "frien", "My friends do not know."],
    ["every word, in any order", "leave sea", "The sea, and what it is to leave."],
    ["Hebrew", "הים", "אני חושבת על הים."],
    ["Hebrew with points, by one without", "שלום", "אמרתי שָׁלוֹם לכולם."],
    ["Japanese, one character", "海", "海のことをずっと考えている。"],
    ["Japanese in half-width forms", "ガラス", "ｶﾞﾗｽの部屋。"],
    ["Arabic", "سلام", "قلت سَلَامٌ للجميع"],
    ["Russian", "ЛЕС", "Я ушёл в лес."],
    ["French without its accents", "ete", "L’été dernier."],
    ["composed letters by decomposed ones", "e\u0301te\u0301", "L’été dernier."],
    ["Thai", "ทะเล", "ฉันคิดถึงทะเลเสมอ"],
    ["an emoji", "👩‍👩‍👧", "We are 👩‍👩‍👧 now."],
    ["what a pattern is made of, as itself", "100%_\\", "It was 100%_\\ certain."],
    ["quotes and braces, as themselves", `{"a",'b'}`, `He said {"a",'b'}.`],
  ])("finds %s", async (_what, search, content) => {
    await say([content, "Something else: abc 1000 ab"]);
    expect(await found(search)).toEqual([content]);
  });

  it("does not find words that only look similar", async () => {
    await say(["か", "100 percent", "leave the house", "aXc"]);
    for (const search of ["が", "100%", "leave sea", "a_c", "\u0301"]) expect(await found(search)).toEqual([]);
  });

  it("folds in the database as in the excerpt", async () => {
    const texts = ["İstanbul ΟΔΟΣ ΣΑΣ", "ﬁﬂ ﷺ ㍿ Ⅷ ½", "שָׁלוֹם", "각하 ＡＢＣ", "Ǆ ẞ K Å", "ÀÉÎÕÜ Việt Nam"];
    const { ids } = await say(texts);
    for (const [index, text] of texts.entries()) {
      const { items } = await app.as(person).sessions.search({ search: text });
      expect(
        items.map(({ id }) => id),
        fold(text),
      ).toEqual([ids[index]]);
      expect(
        items[0]?.excerpt
          .filter(({ found: marked }) => marked)
          .map((part) => part.text)
          .join(" "),
      ).toBe(text);
    }
  });

  it("leads to the message, of the person or of the mirror, in any conversation", async () => {
    const { sessionId, ids } = await say(["A lighthouse.", "Tell me of the lighthouse."]);
    await app.as(person).sessions.rename({ sessionId, title: "The coast" });
    await app.as(person).sessions.archive({ sessionId });
    expect((await app.as(person).sessions.search({ search: "lighthouse" })).items).toEqual([
      {
        id: ids[1],
        session: { id: sessionId, title: "The coast", archived: true },
        role: "assistant",
        excerpt: [
          { text: "Tell me of the ", found: false },
          { text: "lighthouse", found: true },
          { text: ".", found: false },
        ],
        createdAt: "2026-01-01T00:01:00.000Z",
      },
      expect.objectContaining({ id: ids[0], role: "user" }),
    ]);
  });

  it("pages from the newest to the oldest, each message once, also where times are equal", async () => {
    const { sessionId } = await say([]);
    await sql(
      `insert into public.clarify_messages (id, user_id, session_id, role, content, created_at)
       select gen_random_uuid(), $1, $2, 'user', 'Wave ' || n, '2026-01-01'::timestamptz + (n / 2) * interval '70 microseconds'
       from generate_series(1, 25) n`,
      [person.id, sessionId],
    );
    const ids: string[] = [];
    const times: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<ReturnType<TestApp["as"]>["sessions"]["search"]>> = await app
        .as(person)
        .sessions.search({ search: "wave", limit: 10, cursor });
      ids.push(...page.items.map(({ id }) => id));
      times.push(...page.items.map(({ createdAt }) => createdAt));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(ids).size).toBe(25);
    expect(ids).toHaveLength(25);
    expect(times).toEqual(times.toSorted().reverse());
  });

  it("finds nothing of other people, and nothing that was removed", async () => {
    const { sessionId } = await say(["A secret harbour."]);
    const stranger = await createPerson(stack);
    expect(await found("harbour", stranger)).toEqual([]);
    await app.as(person).sessions.remove({ sessionId });
    expect(await found("harbour")).toEqual([]);
  });

  it("needs a signed-in person and a search", async () => {
    await expect(app.as(null).sessions.search({ search: "sea" })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    for (const search of ["", "   ", "x".repeat(201), "\0"]) {
      await expect(app.as(person).sessions.search({ search })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    }
  });

  it("is limited per person with the time to wait, and does not limit other people", async () => {
    let now = 1_800_000_000_000;
    const counting = createTestApp({ stack, clock: { ...systemClock, now: () => now } });
    // An accent alone counts as a search, and does not query the database.
    const search = (by: Person) => counting.as(by).sessions.search({ search: "\u0301" });
    await Promise.all(Array.from({ length: 40 }, () => search(person)));
    await expect(search(person)).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS", cause: { retryAfterMs: 1_000 } });
    await search(await createPerson(stack));
    now += 1_000;
    await search(person);
  });

  it("keeps the search words out of the log", async () => {
    await say(["A quiet lagoon."]);
    await found("lagoon");
    expect(JSON.stringify(app.logLines())).not.toContain("lagoon");
  });
});
