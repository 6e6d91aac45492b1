import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { MemoryStore } from "@/server/cache/memory";
import { appRouter } from "@/server/router";
import { createRequestContext } from "@/server/trpc/context";
import { handleTrpcRequest } from "@/server/trpc/http-handler";
import type { Life } from "@/tests/support/database/life";
import { COMMON_WORD, createLife, storedOf } from "@/tests/support/database/life";
import type { Person } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { DeclaredProcedure, Leaf } from "@/tests/support/procedures";
import { inputWith, leavesOf, procedures } from "@/tests/support/procedures";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

// Everybody tries everything of one person's through every field of every procedure. The procedures and their fields are
// those of the router, so a new one is tried as well; a new kind of id needs a row in `createLife`.

const stack = inject("stack");
const sql = createSqlClient(stack);
const SHARED_EMAIL = `shared-${randomUUID()}@example.com`;

/** The names that somebody outdated. */
const outdated: string[] = [];

class WatchedStore extends MemoryStore {
  override invalidate(names: readonly string[], newsOf?: string): Promise<void> {
    outdated.push(...names);
    return super.invalidate(names, newsOf);
  }

  override fence(names: readonly string[], token: string, ms: number): Promise<void> {
    outdated.push(...names);
    return super.fence(names, token, ms);
  }
}

type Intruder = "another person" | "nobody" | "the shared account" | "an operator";
const INTRUDERS: readonly Intruder[] = ["another person", "nobody", "the shared account", "an operator"];

let app: TestApp;
let owner: Life;
let lives: Record<Exclude<Intruder, "nobody">, Life>;
let stored: Record<string, unknown[]>;
beforeAll(async () => {
  const [other, demo, operator] = await Promise.all([
    createLife(stack, sql),
    createLife(stack, sql, { email: SHARED_EMAIL }),
    createLife(stack, sql),
  ]);
  lives = { "another person": other, "the shared account": demo, "an operator": operator };
  owner = await createLife(stack, sql);
  app = createTestApp({
    stack,
    sharedEmail: SHARED_EMAIL,
    operators: [operator.person.id],
    messagesPerMinute: 1_000_000,
    store: () => new WatchedStore(),
  });
  await app.as(owner.person).clarifyContext.get({ sessionId: null });
  await app.backgroundDone();
  stored = await storedOf(sql, owner.ids.userId);
});
afterAll(() => app.backgroundDone());

/** Whose own things an intruder sends; nobody sends another person's. */
const lifeOf = (who: Intruder) => lives[who === "nobody" ? "another person" : who];

/**
 * Ids that the caller makes, with what of the owner's has such an id. One that is somebody's already is refused, and the
 * refusal says no more than that it is taken.
 */
const MADE_BY_THE_CALLER: Readonly<Record<string, Readonly<Record<string, readonly (keyof Life["ids"])[]>>>> = {
  "dreams.create": { id: ["dreamId"] },
  "reflections.create": { id: ["reflectionId"] },
  "sessions.create": { id: ["sessionId", "busySessionId"] },
  // With `opens`, as here, the caller makes the id of the conversation, too.
  "messages.send": { id: ["messageId", "busyMessageId"], sessionId: ["sessionId", "busySessionId"] },
  "messages.regenerate": { replyId: ["replyId", "variantId"] },
  "messages.edit": { replyId: ["replyId", "variantId"] },
};

/** What the caller would send of their own. */
function ownValue(leaf: Leaf, path: string, { ids, person }: Life): unknown {
  const { schema } = leaf;
  const name = leaf.path.at(-1) ?? "";
  if (schema.format === "uuid") {
    if (MADE_BY_THE_CALLER[path]?.[name]) return randomUUID();
    // The items of `knowledge.forget`: the first kind is the pattern.
    const id = name === "id" ? ids.patternId : ids[`${name}` as keyof typeof ids];
    if (id === undefined) throw new Error(`${path} takes a ${name}: it needs a row in createLife`);
    return id;
  }
  if (schema.enum) return schema.enum[0];
  if (schema.type === "boolean") return true;
  if (schema.type === "integer") return Math.max(1, schema.minimum ?? 1);
  if (name === "timeZone") return "UTC";
  if (name === "email") return `not-${person.email}`;
  if (name === "cursor") return undefined;
  if (name === "language") return "he";
  if (schema.format === "date") return "2027-05-31";
  return COMMON_WORD;
}

/** Texts that look like somebody's keys, filters or names. */
const hostileTexts = ({ ids, person, cursor }: Life): readonly string[] => [
  ids.userId,
  cursor,
  person.email,
  person.email.toUpperCase(),
  person.email.replace("e", "е"),
  `ctx:dreams:{${ids.userId}}`,
  `x}:{${ids.userId}`,
  `a,user_id.eq.${ids.userId}`,
  `") or user_id.eq."${ids.userId}`,
  `' or user_id = '${ids.userId}' --`,
  "%",
  "*",
  "__proto__",
  "constructor",
];

interface Attempt {
  what: string;
  input: unknown;
  /** The same with ids that nobody has: must be answered alike. */
  control?: unknown;
}

function attemptsOn({ path, input }: DeclaredProcedure, who: Intruder): Attempt[] {
  const own = lifeOf(who);
  const leaves = leavesOf(input);
  const made = MADE_BY_THE_CALLER[path] ?? {};
  const named = (leaf: Leaf) => leaf.path.join(".");
  const isId = ({ schema }: Leaf) => schema.format === "uuid";
  const withOne = (target: Leaf, value: string) =>
    inputWith(input, (leaf) => (named(leaf) === named(target) ? value : ownValue(leaf, path, own)));

  const foreign = leaves.filter(isId).flatMap((target): Attempt[] => {
    const kinds = made[named(target)];
    if (kinds) return kinds.map((kind) => ({ what: `their ${kind}`, input: withOne(target, owner.ids[kind]) }));
    const control = withOne(target, randomUUID());
    const all = [...Object.values(owner.ids), owner.ids.sessionId.toUpperCase()];
    // The database and the router know no other difference between people than these names.
    const values = who === "another person" ? all : [owner.ids.sessionId, owner.ids.dreamId, owner.ids.claimToken];
    return values.map((value) => ({ what: `${value} as ${named(target)}`, input: withOne(target, value), control }));
  });
  const texts = (who === "another person" ? leaves : [])
    .filter(({ schema }) => schema.type === "string" && !schema.format && !schema.enum)
    .flatMap((target) =>
      hostileTexts(owner).map((value) => ({ what: `${value} as ${named(target)}`, input: withOne(target, value) })),
    );
  const everything: Attempt = {
    what: "every id of theirs at once",
    input: inputWith(input, (leaf) => ownValue(leaf, path, isId(leaf) && !made[named(leaf)] ? owner : own)),
  };
  return [everything, ...foreign, ...texts, ...(path === "knowledge.forget" ? everyKind() : [])];
}

function everyKind(): Attempt[] {
  const kinds = ["pattern", "dream", "reflection", "conversation"];
  return kinds.map((kind) => ({
    what: `all ids as a ${kind}`,
    input: { items: Object.values(owner.ids).map((id) => ({ kind, id })) },
    control: { items: Object.values(owner.ids).map(() => ({ kind, id: randomUUID() })) },
  }));
}

interface Answer {
  text: string;
  /** The code and the words of the refusal; null if there is none. */
  refusal: string | null;
}

async function call(person: Person | null, { path, type }: DeclaredProcedure, input: unknown): Promise<Answer> {
  const body = JSON.stringify({ 0: input ?? {} });
  const query = new URLSearchParams({ batch: "1", ...(type === "query" && { input: body }) });
  const request = new Request(`http://clarify.test/api/trpc/${path}?${query}`, {
    headers: { "content-type": "application/json", "trpc-accept": "application/jsonl" },
    ...(type === "mutation" && { method: "POST", body }),
  });
  const response = await handleTrpcRequest(request, {
    router: appRouter,
    createContext: async () => createRequestContext(app.services, { requestId: "tenancy", user: person }),
  });
  const text = await response.text();
  const [, code] = /"code":"([A-Z_]+)"/.exec(text) ?? [];
  const [, message] = /"message":"([^"]*)"/.exec(text) ?? [];
  return { text, refusal: code === undefined ? null : `${code}: ${message}` };
}

// What is only read comes first, because the texts that are tried contain ids of the owner.
const readsFirst = procedures.toSorted(
  (left, right) => Number(left.type === "mutation") - Number(right.type === "mutation"),
);

describe.each(INTRUDERS)("%s", (who) => {
  it.each(readsFirst.map((each) => [each.path, each] as const))(
    "gets and changes nothing of anybody else's by %s",
    async (path, procedure) => {
      const caller = who === "nobody" ? null : lifeOf(who).person;
      const controls = new Map<unknown, string | null>();
      for (const { what, input, control } of attemptsOn(procedure, who)) {
        const answer = await call(caller, procedure, input);
        const sent = (JSON.stringify(input) ?? "").toLowerCase();
        expect(answer.text, what).not.toContain(owner.secret);
        expect(answer.text, what).not.toContain("INTERNAL_SERVER_ERROR");
        if (procedure.type === "query") {
          for (const id of Object.values(owner.ids))
            if (!sent.includes(id)) expect(answer.text, what).not.toContain(id);
        }
        if (who === "nobody") {
          // Refused before the input is looked at.
          expect(answer.refusal, what).toMatch(/^UNAUTHORIZED/);
          break;
        }
        if (path.startsWith("insights.") && who !== "an operator") expect(answer.refusal).toMatch(/^NOT_FOUND/);
        if (control === undefined) continue;
        if (!controls.has(control)) controls.set(control, (await call(caller, procedure, control)).refusal);
        // Whether somebody has such an id shows in nothing.
        expect(answer.refusal, what).toBe(controls.get(control));
      }
      await app.backgroundDone();
      expect(await storedOf(sql, owner.ids.userId)).toEqual(stored);
    },
    60_000,
  );
});

it("nobody outdates or fills what is cached of another person", async () => {
  expect(outdated.filter((name) => name.includes(owner.ids.userId))).toEqual([]);
  expect(outdated.some((name) => name.includes(lifeOf("another person").ids.userId))).toBe(true);
  const { text } = await app.as(owner.person).clarifyContext.get({ sessionId: null });
  expect(text).toContain(owner.secret);
  for (const { secret } of Object.values(lives)) expect(text).not.toContain(secret);
});
