import { randomUUID } from "node:crypto";
import { expect, inject, it } from "vitest";
import { collect } from "@/tests/support/collect";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { MutationPath } from "@/tests/support/mutations";
import { mutations } from "@/tests/support/mutations";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

// What a write does to what is found for the very next message: what was removed, paused or put off the record is not found any more.

const sql = createSqlClient(inject("stack"));

type Caller = ReturnType<TestApp["as"]>;

interface Life {
  caller: Caller;
  /** Items with the word "lighthouse", older than all that the context has. */
  reflectionId: string;
  dreamId: string;
  messageId: string;
  /** The conversation of the message. */
  sessionId: string;
  /** Another conversation, in which they are asked for. */
  askingId: string;
}

interface Case {
  write(life: Life): Promise<unknown>;
  /** The kinds that the next message finds. */
  after: readonly string[];
}

const ALL = ["dream", "message", "reflection"];
const WITHOUT = (kind: string) => ALL.filter((other) => other !== kind);

/** Null for mutations that change nothing that can be found. A mutation without an entry does not compile. */
const CASES: Record<MutationPath, Case | null> = {
  "account.update": null,
  "account.remove": null,
  "bin.restore": {
    async write({ caller, reflectionId, dreamId, sessionId, askingId }) {
      await caller.reflections.remove({ reflectionId });
      await caller.dreams.remove({ dreamId });
      await caller.sessions.remove({ sessionId });
      expect(await kindsFound(caller, askingId)).toEqual([]);
      await caller.bin.restore({ kind: "reflection", id: reflectionId });
      await caller.bin.restore({ kind: "dream", id: dreamId });
      await caller.bin.restore({ kind: "conversation", id: sessionId });
    },
    after: ALL,
  },
  "clarifyContext.invalidate": null,
  "dreams.create": null,
  "dreams.update": {
    write: ({ caller, dreamId }) => caller.dreams.update({ dreamId, title: "A windmill" }),
    after: WITHOUT("dream"),
  },
  "dreams.setStatus": {
    write: ({ caller, dreamId }) => caller.dreams.setStatus({ dreamId, status: "achieved" }),
    after: ALL,
  },
  "dreams.remove": { write: ({ caller, dreamId }) => caller.dreams.remove({ dreamId }), after: WITHOUT("dream") },
  "dreams.setPaused": {
    write: ({ caller, dreamId }) => caller.dreams.setPaused({ dreamId, paused: true }),
    after: WITHOUT("dream"),
  },
  "knowledge.forget": {
    write: ({ caller, reflectionId, dreamId, sessionId }) =>
      caller.knowledge.forget({
        items: [
          { kind: "reflection", id: reflectionId },
          { kind: "dream", id: dreamId },
          { kind: "conversation", id: sessionId },
        ],
      }),
    after: [],
  },
  "messages.send": null,
  "messages.resume": null,
  "messages.regenerate": null,
  "messages.edit": {
    write: ({ caller, sessionId, messageId }) =>
      answered(
        caller.messages.edit({ sessionId, messageId, replyId: randomUUID(), content: "A windmill", timeZone: "UTC" }),
      ),
    after: WITHOUT("message"),
  },
  "messages.choose": {
    async write({ caller, sessionId, messageId, askingId }) {
      const again = { sessionId, messageId, replyId: randomUUID(), timeZone: "UTC" };
      await answered(caller.messages.edit({ ...again, replyId: randomUUID(), content: "A windmill" }));
      await answered(caller.messages.edit({ ...again, content: "A mill" }));
      await caller.messages.choose({ sessionId, messageId, variant: 1 });
      expect(await kindsFound(caller, askingId)).toEqual(ALL);
      await caller.messages.choose({ sessionId, messageId, variant: 2 });
    },
    after: WITHOUT("message"),
  },
  "messages.stop": null,
  "messages.prewarm": null,
  "patterns.update": null,
  "patterns.setPaused": null,
  "patterns.remove": null,
  "reflections.create": null,
  "reflections.update": {
    write: ({ caller, reflectionId }) => caller.reflections.update({ reflectionId, content: "A windmill" }),
    after: WITHOUT("reflection"),
  },
  "reflections.setPaused": {
    write: ({ caller, reflectionId }) => caller.reflections.setPaused({ reflectionId, paused: true }),
    after: WITHOUT("reflection"),
  },
  "reflections.remove": {
    write: ({ caller, reflectionId }) => caller.reflections.remove({ reflectionId }),
    after: WITHOUT("reflection"),
  },
  "sessions.create": null,
  "sessions.rename": null,
  "sessions.archive": { write: ({ caller, sessionId }) => caller.sessions.archive({ sessionId }), after: ALL },
  "sessions.restore": null,
  "sessions.setOffRecord": {
    write: ({ caller, sessionId }) => caller.sessions.setOffRecord({ sessionId, offRecord: true }),
    after: WITHOUT("message"),
  },
  "sessions.remove": {
    write: ({ caller, sessionId }) => caller.sessions.remove({ sessionId }),
    after: WITHOUT("message"),
  },
};

async function answered(events: ReturnType<Caller["messages"]["edit"]>): Promise<void> {
  await collect(await events);
}

async function live(caller: Caller, { id: userId }: Person): Promise<Life> {
  const life = { reflectionId: randomUUID(), dreamId: randomUUID(), messageId: randomUUID(), sessionId: randomUUID() };
  const { reflectionId, dreamId, messageId, sessionId } = life;
  await sql(
    `insert into public.reflections (id, user_id, tone, content, created_at)
     select $1::uuid, $2::uuid, 'calm', 'The lighthouse', '2025-01-01'::timestamptz
     union all select gen_random_uuid(), $2::uuid, 'calm', 'Zero', '2026-01-01' from generate_series(1, 3)`,
    [reflectionId, userId],
  );
  await sql(
    `insert into public.dreams (id, user_id, title, created_at, updated_at)
     select $1::uuid, $2::uuid, 'A lighthouse', '2025-01-01'::timestamptz, '2025-01-01'::timestamptz
     union all select gen_random_uuid(), $2::uuid, 'Zero', '2026-01-01', '2040-01-01' from generate_series(1, 5)`,
    [dreamId, userId],
  );
  await sql("insert into public.clarify_sessions (id, user_id) values ($1, $2)", [sessionId, userId]);
  await collect(await caller.messages.send({ sessionId, id: messageId, content: "Lighthouses", timeZone: "UTC" }));
  return { caller, ...life, askingId: (await caller.sessions.create({})).id };
}

async function kindsFound(caller: Caller, sessionId: string): Promise<string[]> {
  const message = { sessionId, id: randomUUID(), content: "What about that lighthouse?", timeZone: "UTC" };
  const events = await collect(await caller.messages.send(message));
  const found = events.flatMap((event) => (event.type === "context" ? (event.context.related ?? []) : []));
  return found.map(({ kind }) => kind).sort();
}

it("has an entry for every mutation of the root router", () => {
  expect(Object.keys(CASES).sort()).toEqual(mutations.map(([path]) => path).sort());
});

it.each(Object.entries(CASES).flatMap(([path, found]) => (found === null ? [] : [{ path, ...found }])))(
  "after $path the next message finds what it may",
  async ({ write, after }) => {
    const app = createTestApp({ stack: inject("stack") });
    const person = await createPerson(inject("stack"));
    const caller = app.as(person);
    const life = await live(caller, person);
    expect(await kindsFound(caller, life.askingId)).toEqual(ALL);
    await write(life);
    expect(await kindsFound(caller, life.askingId)).toEqual(after);
    await app.backgroundDone();
  },
);
