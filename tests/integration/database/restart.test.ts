import { randomUUID } from "node:crypto";
import { TRPCError } from "@trpc/server";
import { describe, expect, inject, it } from "vitest";
import { collect } from "@/tests/support/collect";
import type { Fault } from "@/tests/support/database/fault-proxy";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

const PEOPLE = 10;
const MESSAGES = 10;
const RESTARTS = 3;

/** What the database's API answers while PostgreSQL shuts down, is away, and comes back (PostgREST's documentation). */
const STAGES: Fault[] = [
  { kind: "lost" },
  {
    kind: "error",
    status: 500,
    body: { code: "57P01", message: "terminating connection due to administrator command" },
  },
  { kind: "error", status: 503, body: { code: "PGRST001", message: "no connection to the database" } },
  {
    kind: "error",
    status: 503,
    body: { code: "PGRST002", message: "Could not query the database for the schema cache" },
  },
];

describe("a database that restarts", () => {
  it("while people write loses and doubles nothing, and everybody goes on", async () => {
    const stack = inject("stack");
    const sql = createSqlClient(stack);
    const proxy = await startFaultProxy(stack.url);
    const app = createTestApp({ stack: { ...stack, url: proxy.url } });
    const people = await Promise.all(Array.from({ length: PEOPLE }, () => createPerson(stack)));
    const refused: unknown[] = [];
    const writers = Promise.all(people.map((person) => write(app, person, refused)));
    for (let restarts = 0; restarts < RESTARTS; restarts += 1) {
      for (const stage of STAGES) {
        const end = proxy.inject(stage);
        await proxy.arrived(proxy.count() + PEOPLE);
        end();
      }
      await proxy.arrived(proxy.count() + PEOPLE);
    }
    const written = await writers;
    expect(new Set(refused)).toEqual(new Set(["SERVICE_UNAVAILABLE"]));
    for (const [index, { dream, messages }] of written.entries()) {
      const mine = [people[index]?.id];
      expect(await sql("select id from dreams where user_id = $1", mine)).toEqual([{ id: dream }]);
      const stored = await sql("select id, role, reply_to from clarify_messages where user_id = $1", mine);
      const asked = stored.filter(({ role }) => role === "user").map(({ id }) => id);
      const answered = stored.filter(({ role }) => role === "assistant").map(({ reply_to }) => reply_to);
      expect(asked.sort()).toEqual(messages.toSorted());
      expect(answered.sort()).toEqual(messages.toSorted());
    }
    await app.backgroundDone();
    await proxy.close();
  }, 120_000);
});

/** A dream and a conversation, each step again and again until it is acknowledged. */
async function write(app: TestApp, person: Person, refused: unknown[]) {
  const [dream, sessionId] = [randomUUID(), randomUUID()];
  const messages = Array.from({ length: MESSAGES }, () => randomUUID());
  async function insist(step: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await step();
        return;
      } catch (error) {
        refused.push(error instanceof TRPCError ? error.code : error);
      }
    }
  }
  await insist(() => app.as(person).dreams.create({ id: dream, title: "A boat of my own" }));
  for (const id of messages) {
    const message = { sessionId, id, content: "The sea again.", opens: { offRecord: false }, timeZone: "UTC" };
    await insist(async () => collect(await app.as(person).messages.send(message)));
  }
  return { dream, messages };
}
