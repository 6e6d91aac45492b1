import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { openServiceDatabase } from "@/server/database/client";
import { createJobStore } from "@/server/jobs/job-store";
import { collect } from "@/tests/support/collect";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { Flow } from "./calls";
import { BEGINNING, PATTERN, SUMMARY, WORDS } from "./model";
import type { AppProcess } from "./processes";
import type { World } from "./world";

/** What one person does at the process that dies, and how they find everything at the other one. */
export interface Scenario {
  person: Person;
  /** Is part of everything that they say. */
  marker: string;
  act(app: AppProcess): Promise<unknown>;
  goOn(): Promise<void>;
}

/** A claim on a reply runs out after 15 seconds; the rest is for a busy machine. */
export const FREE_AGAIN_MS = 30_000;
const PATIENT = { timeout: FREE_AGAIN_MS };

const REPLY = WORDS.join("");
export const SCENARIOS: Record<Flow, (world: World) => Promise<Scenario>> = {
  async build({ stack, survivor }) {
    const { person, marker } = await newPerson(stack);
    await survivor.as(person).dreams.create.mutate({ title: marker });
    await survivor.as(person).clarifyContext.invalidate.mutate({});
    const build = (app: AppProcess) => app.as(person).clarifyContext.get.query({ sessionId: null });
    return {
      person,
      marker,
      act: build,
      async goOn() {
        expect((await build(survivor)).text).toContain(marker);
        // It is kept again, though a process died that was to load it.
        await expect
          .poll(async () => (await build(survivor)).sections.map(({ source }) => source), PATIENT)
          .toEqual(Array(5).fill(expect.stringMatching(/^(fresh|near)$/)));
      },
    };
  },

  async write({ stack, sql, survivor }) {
    const { person, marker } = await newPerson(stack);
    const dream = { id: randomUUID(), title: marker };
    const inContext = async () => (await survivor.as(person).clarifyContext.dreams.query()).map(({ title }) => title);
    await survivor.as(person).clarifyContext.get.query({ sessionId: null });
    return {
      person,
      marker,
      act: (app) => app.as(person).dreams.create.mutate(dream),
      async goOn() {
        const stored = await sql("select title from dreams where user_id = $1", [person.id]);
        expect(await inContext()).toEqual(stored.map(({ title }) => title));
        await survivor.as(person).dreams.create.mutate(dream);
        expect(await inContext()).toEqual([marker]);
        expect(await sql("select id from dreams where user_id = $1", [person.id])).toEqual([{ id: dream.id }]);
      },
    };
  },

  async message(world) {
    const { person, marker } = await newPerson(world.stack);
    const message = firstMessage(marker);
    return {
      person,
      marker,
      act: (app) => send(app, person, message),
      async goOn() {
        await send(world.survivor, person, message);
        const cut = await resumeIfCut(world, person, message);
        expect(await storedOf(world, person)).toEqual([
          { role: "user", content: marker, status: "complete" },
          { role: "assistant", content: (cut ?? "") + REPLY, status: "complete" },
        ]);
        const conversations = await world.survivor.as(person).clarifyContext.sessions.query();
        expect(conversations).toEqual([expect.objectContaining({ id: message.sessionId })]);
      },
    };
  },

  async summary(world) {
    const { sql, stack, survivor } = world;
    const { person, marker } = await newPerson(stack);
    const sessionId = await longConversation(world, person, marker);
    const [message, next] = [marker, "And now?"].map((content) => ({ sessionId, id: randomUUID(), content }));
    if (message === undefined || next === undefined) throw new Error("There are two messages");
    return {
      person,
      marker,
      act: (app) => send(app, person, message),
      async goOn() {
        await send(survivor, person, message);
        // The claim on a summary and the pause after a failure are longer than a test.
        await sql("update private.summary_attempts set not_before = now() where user_id = $1", [person.id]);
        await send(survivor, person, next);
        await expect
          .poll(() => survivor.as(person).messages.summary.query({ sessionId }), PATIENT)
          .toEqual({ words: SUMMARY, messages: 10 });
        expect((await storedOf(world, person)).slice(20)).toEqual([
          { role: "user", content: marker, status: "complete" },
          { role: "assistant", content: REPLY, status: "complete" },
          { role: "user", content: "And now?", status: "complete" },
          { role: "assistant", content: REPLY, status: "complete" },
        ]);
      },
    };
  },

  async stop(world) {
    const { stack, survivor, model } = world;
    const { person, marker } = await newPerson(stack);
    const { message, reply } = await begunReply(world, person, marker);
    const stop = (app: AppProcess) =>
      app.as(person).messages.stop.mutate({ sessionId: message.sessionId, messageId: message.id });
    return {
      person,
      marker,
      act: stop,
      async goOn() {
        await stop(survivor);
        await reply;
        model.release(marker);
        await send(survivor, person, { sessionId: message.sessionId, id: randomUUID(), content: "And now?" });
        expect(await storedOf(world, person)).toEqual([
          { role: "user", content: marker, status: "complete" },
          { role: "assistant", content: BEGINNING, status: "interrupted" },
          { role: "user", content: "And now?", status: "complete" },
          { role: "assistant", content: REPLY, status: "complete" },
        ]);
      },
    };
  },

  async resume(world) {
    const { stack, sql, survivor, model } = world;
    const { person, marker } = await newPerson(stack);
    const { message, reply: begun } = await begunReply(world, person, marker);
    const { sessionId } = message;
    await survivor.as(person).messages.stop.mutate({ sessionId, messageId: message.id });
    await begun;
    model.release(marker);
    const [stored] = await sql("select id from clarify_messages where reply_to = $1", [message.id]);
    const reply = { sessionId, replyId: String(stored?.id) };
    const resume = (app: AppProcess) => resumeReply(app, person, reply);
    return {
      person,
      marker,
      act: resume,
      async goOn() {
        await resume(survivor);
        const cut = await resumeIfCut(world, person, message);
        expect(await storedOf(world, person)).toEqual([
          { role: "user", content: marker, status: "complete" },
          { role: "assistant", content: (cut ?? BEGINNING) + REPLY, status: "complete" },
        ]);
      },
    };
  },

  async consolidation({ stack, sql, survivor }) {
    const { person, marker } = await newPerson(stack);
    await sql("insert into clarify_sessions (user_id) values ($1)", [person.id]);
    const write = () =>
      sql(
        `insert into clarify_messages (id, user_id, session_id, role, content)
       select gen_random_uuid(), user_id, id, 'user', $2::text from clarify_sessions, generate_series(1, 5)
       where user_id = $1`,
        [person.id, marker],
      );
    const inContext = async () =>
      (await survivor.as(person).clarifyContext.patterns.query()).map(({ content }) => content);
    expect(await inContext()).toEqual([]);
    return {
      person,
      marker,
      // From then on any run reads the messages.
      async act(app) {
        await write();
        await app.consolidate();
      },
      async goOn() {
        await survivor.consolidate();
        // Those of a process that died expire after minutes.
        await sql("update private.consolidations set claimed_until = now() where user_id = $1", [person.id]);
        await survivor.consolidate();
        await expect
          .poll(
            () => sql("select 1 from clarify_messages where user_id = $1 and consolidated_at is null", [person.id]),
            PATIENT,
          )
          .toEqual([]);
        expect(await sql("select content, strength from clarify_patterns where user_id = $1", [person.id])).toEqual([
          { content: PATTERN, strength: 3 },
        ]);
        expect(await inContext()).toEqual([PATTERN]);
      },
    };
  },
};

/** Another process takes the next date of the schedule, at the latest when a lease of the dead one has expired. */
export async function scheduleGoesOn({ stack, sql }: World): Promise<void> {
  const jobs = createJobStore(openServiceDatabase(stack), "consolidate-patterns");
  const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);
  const isFree = await jobs.begin(later(10));
  await sql("update private.jobs set leased_until = now() - interval '1 second'");
  if (!isFree) expect(await jobs.begin(later(20))).toBe(true);
  await sql("delete from private.jobs");
}

async function newPerson(stack: World["stack"]): Promise<{ person: Person; marker: string }> {
  return { person: await createPerson(stack, { name: "Noa" }), marker: `the sea ${randomUUID()}` };
}

interface Sent {
  sessionId: string;
  id: string;
  content: string;
  opens?: { offRecord: boolean };
}

export const firstMessage = (content: string): Sent => ({
  sessionId: randomUUID(),
  id: randomUUID(),
  content,
  opens: { offRecord: false },
});

export async function send(app: AppProcess, person: Person, message: Sent) {
  return collect(await app.as(person).messages.send.mutate({ ...message, timeZone: "UTC" }));
}

async function resumeReply(app: AppProcess, person: Person, reply: { sessionId: string; replyId: string }) {
  return collect(await app.as(person).messages.resume.mutate({ ...reply, timeZone: "UTC" }));
}

/** A process that is asked to end stores the words that it has, which another one continues. Resolves with those words. */
async function resumeIfCut({ sql, survivor }: World, person: Person, { id, sessionId }: Sent): Promise<string | null> {
  const cuts = "select id, content from clarify_messages where reply_to = $1 and status = 'interrupted'";
  const [cut] = await sql(cuts, [id]);
  if (!cut) return null;
  await resumeReply(survivor, person, { sessionId, replyId: String(cut.id) });
  return String(cut.content);
}

/** A reply that the other process has begun to write, and does not end. */
async function begunReply({ survivor, model }: World, person: Person, marker: string) {
  model.neverEnds(marker);
  const message = firstMessage(marker);
  const events = await survivor.as(person).messages.send.mutate({ ...message, timeZone: "UTC" });
  const begun = Promise.withResolvers<void>();
  const reply = (async () => {
    for await (const event of events) if (event.type === "text") begun.resolve();
  })();
  reply.catch(begun.reject);
  await begun.promise;
  return { message, reply };
}

/** Twenty messages, which were all consolidated; with the next one the first ten leave the prompt. */
async function longConversation({ sql }: World, { id }: Person, marker: string): Promise<string> {
  const [session] = await sql("insert into clarify_sessions (user_id) values ($1) returning id", [id]);
  const rows = Array.from({ length: 10 }, (_, turn) => ({ turn, question: randomUUID(), answer: randomUUID() }));
  const values = [id, session?.id, marker, JSON.stringify(rows)];
  const turns = "jsonb_to_recordset($4::text::jsonb) as turn (turn int, question uuid, answer uuid)";
  await sql(
    `insert into clarify_messages (id, user_id, session_id, role, content, consolidated_at, created_at)
     select question, $1::uuid, $2::uuid, 'user', $3::text, now(), now() - (20 - turn) * interval '1 minute' from ${turns}`,
    values,
  );
  await sql(
    `insert into clarify_messages (id, user_id, session_id, role, reply_to, content, status, model, created_at)
     select answer, $1::uuid, $2::uuid, 'assistant', question, $3::text, 'complete', 'claude-test',
       now() - (20 - turn) * interval '1 minute' + interval '1 second' from ${turns}`,
    values,
  );
  return String(session?.id);
}

function storedOf({ sql }: World, person: Person) {
  return sql("select role, content, status from clarify_messages where user_id = $1 order by created_at, id", [
    person.id,
  ]);
}
