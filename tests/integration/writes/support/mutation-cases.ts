import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { ClarifyContext, SectionName } from "@/server/clarify/sections";
import { SECTION_NAMES } from "@/server/clarify/sections";
import { collect } from "@/tests/support/collect";
import { insertRow } from "@/tests/support/database/insert-row";
import type { Person } from "@/tests/support/database/person";
import type { RunSql } from "@/tests/support/database/sql";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import type { MutationPath } from "@/tests/support/mutations";
import type { TestApp } from "@/tests/support/test-app";
import { labelsOf } from "./reading";

export interface World {
  person: Person;
  caller: ReturnType<TestApp["as"]>;
  sql: RunSql;
  model: ModelServer;
}

export interface MutationCase {
  /** The state before, written without the app; resolves with the id of the row that the write is about. */
  arrange?(world: World): Promise<string>;
  /** Calls the mutation. */
  write(world: World, id: string): Promise<unknown>;
  /** Exactly the sections that the write outdates; the others stay warm. */
  outdates: readonly SectionName[];
  /** The author of replies. Default: the offline voice. */
  voice?: "model";
  /** The mutation builds a context itself first, so it cannot end while a load of it is held back. */
  waitsForContext?: true;
  /** The write to hold back if it is not the first: the table that it is sent to, and what it outdates. */
  heldWrite?: { table: string; outdates: readonly SectionName[] };
  /** What a context shows of the write. */
  shown(context: ClarifyContext): unknown;
  before: unknown;
  after: unknown;
}

const name = (context: ClarifyContext) => labelsOf(context, "user")?.[0];
const totals = (context: ClarifyContext) => labelsOf(context, "user")?.[2];
const dreams = (context: ClarifyContext) => labelsOf(context, "dreams");
const patterns = (context: ClarifyContext) => labelsOf(context, "patterns");
const sessions = (context: ClarifyContext) => ({ sessions: labelsOf(context, "sessions"), totals: totals(context) });
const messageCounts = (context: ClarifyContext) =>
  context.sections[3]?.items.map(({ text }) => text.split(" · ").slice(0, 2));
const reflections = (context: ClarifyContext) => ({
  reflections: labelsOf(context, "reflections"),
  totals: totals(context),
});

const insert = ({ sql, person }: World, table: string, columns: Record<string, unknown>) =>
  insertRow(sql, person.id, table, columns);

const aDream = (world: World) => insert(world, "dreams", { title: "Learn to sail" });
const aPattern = (world: World) =>
  insert(world, "clarify_patterns", { type: "tension", content: "Sea or land", strength: 5 });
const aSession = (world: World) => insert(world, "clarify_sessions", { title: "The sea" });
const anArchivedSession = (world: World) => insert(world, "clarify_sessions", { title: "The sea", status: "archived" });
const anUnnamedSession = (world: World) => insert(world, "clarify_sessions", { status: "active" });
const aReflection = (world: World) => insert(world, "reflections", { tone: "calm", content: "The harbour at six" });

/** The id of a message that has its reply. */
async function anAnsweredMessage(world: World): Promise<string> {
  const replyId = await anInterruptedReply(world);
  const [reply] = await world.sql(`select reply_to from public.clarify_messages where id = $1`, [replyId]);
  return String(reply?.reply_to);
}

async function placeOf(sql: RunSql, messageId: string) {
  const [message] = await sql(`select session_id from public.clarify_messages where id = $1`, [messageId]);
  return { sessionId: String(message?.session_id), messageId };
}

async function anInterruptedReply(world: World): Promise<string> {
  const session_id = await aSession(world);
  const message = { session_id, role: "user", content: "I think of the sea" };
  const reply_to = await insert(world, "clarify_messages", { ...message, id: randomUUID() });
  const reply = { session_id, reply_to, role: "assistant", content: "I hear", status: "interrupted", model: "offline" };
  return insert(world, "clarify_messages", { ...reply, id: randomUUID() });
}

/** A mutation without a case does not compile, and fails the test as well. */
export const MUTATION_CASES: Record<MutationPath, MutationCase> = {
  "account.update": {
    outdates: ["user"],
    write: ({ caller }) => caller.account.update({ name: "Noa Levi" }),
    shown: name,
    before: "Noa",
    after: "Noa Levi",
  },
  "account.remove": {
    outdates: SECTION_NAMES,
    arrange: aDream,
    write: ({ caller, person }) => caller.account.remove({ email: person.email }),
    shown: (context) => [name(context), dreams(context)],
    before: ["Noa", ["Learn to sail"]],
    after: [undefined, []],
  },
  "bin.restore": {
    outdates: ["sessions", "user"],
    async arrange(world) {
      const sessionId = await aSession(world);
      await world.sql(
        `with removed as (delete from public.clarify_sessions where id = $1 returning *)
         insert into public.bin (id, user_id, kind, content)
         select id, user_id, 'conversation',
           jsonb_build_object('rows', jsonb_build_object('clarify_sessions', jsonb_build_array(to_jsonb(removed))))
         from removed`,
        [sessionId],
      );
      return sessionId;
    },
    write: ({ caller }, id) => caller.bin.restore({ kind: "conversation", id }),
    shown: sessions,
    before: { sessions: [], totals: "0 sessions, 0 reflections" },
    after: { sessions: ["The sea"], totals: "1 sessions, 0 reflections" },
  },
  "clarifyContext.invalidate": {
    outdates: ["dreams"],
    arrange: aDream,
    async write({ caller, sql }, id) {
      await sql(`update public.dreams set title = 'Changed past the app' where id = $1`, [id]);
      await caller.clarifyContext.invalidate({ sections: ["dreams"] });
    },
    shown: dreams,
    before: ["Learn to sail"],
    after: ["Changed past the app"],
  },
  "dreams.create": {
    outdates: ["dreams"],
    write: ({ caller }) => caller.dreams.create({ title: "Learn to sail" }),
    shown: dreams,
    before: [],
    after: ["Learn to sail"],
  },
  "dreams.update": {
    outdates: ["dreams"],
    arrange: aDream,
    write: ({ caller }, dreamId) => caller.dreams.update({ dreamId, title: "Sail alone" }),
    shown: dreams,
    before: ["Learn to sail"],
    after: ["Sail alone"],
  },
  "dreams.setStatus": {
    outdates: ["dreams"],
    arrange: aDream,
    write: ({ caller }, dreamId) => caller.dreams.setStatus({ dreamId, status: "achieved" }),
    shown: dreams,
    before: ["Learn to sail"],
    after: [],
  },
  "dreams.remove": {
    outdates: ["dreams"],
    arrange: aDream,
    write: ({ caller }, dreamId) => caller.dreams.remove({ dreamId }),
    shown: dreams,
    before: ["Learn to sail"],
    after: [],
  },
  "dreams.setPaused": {
    outdates: ["dreams"],
    arrange: aDream,
    write: ({ caller }, dreamId) => caller.dreams.setPaused({ dreamId, paused: true }),
    shown: dreams,
    before: ["Learn to sail"],
    after: [],
  },
  "knowledge.forget": {
    outdates: SECTION_NAMES,
    // The first only looks for what there is.
    heldWrite: { table: "rpc/forget", outdates: SECTION_NAMES },
    async arrange(world) {
      await Promise.all([aDream(world), aPattern(world), aSession(world), aReflection(world)]);
      await insert(world, "dreams", { title: "Keep bees" });
      await world.sql(`update public.reflections set content = 'The sea at six' where user_id = $1`, [world.person.id]);
      await world.sql(
        `update public.dreams set description = 'On the sea' where user_id = $1 and title = 'Learn to sail'`,
        [world.person.id],
      );
      return "";
    },
    async write({ caller }) {
      const { items } = await caller.knowledge.search({ search: "sea" });
      await caller.knowledge.forget({ items: items.map(({ kind, id }) => ({ kind, id })) });
    },
    shown: (context) => [
      totals(context),
      ...SECTION_NAMES.slice(1).map((section) => labelsOf(context, section)?.toSorted()),
    ],
    before: [
      "1 sessions, 1 reflections",
      ["Keep bees", "Learn to sail"],
      ["Sea or land"],
      ["The sea"],
      ["The sea at six"],
    ],
    after: ["0 sessions, 0 reflections", ["Keep bees"], [], [], []],
  },
  "messages.send": {
    outdates: ["sessions"],
    waitsForContext: true,
    arrange: anUnnamedSession,
    write: async ({ caller }, sessionId) =>
      collect(await caller.messages.send({ sessionId, id: randomUUID(), content: "I think of the sea" })),
    shown: messageCounts,
    before: [],
    after: [["- I think of the sea", "2 messages"]],
  },
  "messages.resume": {
    outdates: ["sessions"],
    waitsForContext: true,
    // The first only claims the reply.
    heldWrite: { table: "rpc/extend_reply", outdates: ["sessions"] },
    arrange: anInterruptedReply,
    async write({ caller, sql }, replyId) {
      const [reply] = await sql(`select session_id from public.clarify_messages where id = $1`, [replyId]);
      return collect(await caller.messages.resume({ sessionId: String(reply?.session_id), replyId }));
    },
    // It continues a reply that has been counted, so the context does not show it.
    shown: messageCounts,
    before: [["- The sea", "2 messages"]],
    after: [["- The sea", "2 messages"]],
  },
  "messages.regenerate": {
    outdates: ["sessions"],
    waitsForContext: true,
    heldWrite: { table: "rpc/store_variant", outdates: ["sessions"] },
    arrange: anAnsweredMessage,
    write: async ({ caller, sql }, messageId) =>
      collect(await caller.messages.regenerate({ ...(await placeOf(sql, messageId)), replyId: randomUUID() })),
    shown: messageCounts,
    before: [["- The sea", "2 messages"]],
    after: [["- The sea", "2 messages"]],
  },
  "messages.edit": {
    outdates: ["sessions"],
    waitsForContext: true,
    heldWrite: { table: "rpc/store_variant", outdates: ["sessions"] },
    async arrange(world) {
      const messageId = await anAnsweredMessage(world);
      // Titled by its first words, like a conversation that nobody renamed.
      await world.sql(`update public.clarify_sessions set title = 'I think of the sea' where user_id = $1`, [
        world.person.id,
      ]);
      return messageId;
    },
    async write({ caller, sql }, messageId) {
      const again = { ...(await placeOf(sql, messageId)), replyId: randomUUID(), content: "I think of the harbour" };
      return collect(await caller.messages.edit(again));
    },
    shown: messageCounts,
    before: [["- I think of the sea", "2 messages"]],
    after: [["- I think of the harbour", "2 messages"]],
  },
  "messages.choose": {
    outdates: ["sessions"],
    async arrange(world) {
      const messageId = await anAnsweredMessage(world);
      await world.sql(
        `insert into public.clarify_variants (id, user_id, session_id, message_id, variant, question, content, status, created_at)
         select gen_random_uuid(), user_id, session_id, id, 2, 'I think of the harbour', 'I hear', 'complete', now()
         from public.clarify_messages where id = $1`,
        [messageId],
      );
      await world.sql(`update public.clarify_messages set variants = 2 where reply_to = $1`, [messageId]);
      await world.sql(`update public.clarify_sessions set title = 'I think of the sea' where user_id = $1`, [
        world.person.id,
      ]);
      return messageId;
    },
    write: async ({ caller, sql }, messageId) =>
      caller.messages.choose({ ...(await placeOf(sql, messageId)), variant: 2 }),
    shown: messageCounts,
    before: [["- I think of the sea", "2 messages"]],
    after: [["- I think of the harbour", "2 messages"]],
  },
  "messages.stop": {
    outdates: [],
    arrange: aSession,
    write: ({ caller }, sessionId) => caller.messages.stop({ sessionId }),
    // The writer of the reply stores its text, and there is none here.
    shown: messageCounts,
    before: [["- The sea", "0 messages"]],
    after: [["- The sea", "0 messages"]],
  },
  "messages.prewarm": {
    outdates: [],
    arrange: aSession,
    write: ({ caller }, sessionId) => caller.messages.prewarm({ sessionId }),
    // It writes nothing.
    shown: messageCounts,
    before: [["- The sea", "0 messages"]],
    after: [["- The sea", "0 messages"]],
  },
  "patterns.update": {
    outdates: ["patterns"],
    arrange: aPattern,
    write: ({ caller }, patternId) => caller.patterns.update({ patternId, content: "Neither sea nor land" }),
    shown: patterns,
    before: ["Sea or land"],
    after: ["Neither sea nor land"],
  },
  "patterns.setPaused": {
    outdates: ["patterns"],
    arrange: aPattern,
    write: ({ caller }, patternId) => caller.patterns.setPaused({ patternId, paused: true }),
    shown: patterns,
    before: ["Sea or land"],
    after: [],
  },
  "patterns.remove": {
    outdates: ["patterns"],
    arrange: aPattern,
    write: ({ caller }, patternId) => caller.patterns.remove({ patternId }),
    shown: (context) => labelsOf(context, "patterns"),
    before: ["Sea or land"],
    after: [],
  },
  "reflections.create": {
    outdates: ["reflections", "user"],
    write: ({ caller }) => caller.reflections.create({ tone: "calm", content: "The harbour at six" }),
    shown: reflections,
    before: { reflections: [], totals: "0 sessions, 0 reflections" },
    after: { reflections: ["The harbour at six"], totals: "0 sessions, 1 reflections" },
  },
  "reflections.update": {
    outdates: ["reflections", "user"],
    arrange: aReflection,
    write: ({ caller }, reflectionId) => caller.reflections.update({ reflectionId, content: "The harbour at nine" }),
    shown: reflections,
    before: { reflections: ["The harbour at six"], totals: "0 sessions, 1 reflections" },
    after: { reflections: ["The harbour at nine"], totals: "0 sessions, 1 reflections" },
  },
  "reflections.setPaused": {
    outdates: ["reflections", "user"],
    arrange: aReflection,
    write: ({ caller }, reflectionId) => caller.reflections.setPaused({ reflectionId, paused: true }),
    shown: reflections,
    before: { reflections: ["The harbour at six"], totals: "0 sessions, 1 reflections" },
    after: { reflections: [], totals: "0 sessions, 1 reflections" },
  },
  "reflections.remove": {
    outdates: ["reflections", "user"],
    arrange: aReflection,
    write: ({ caller }, reflectionId) => caller.reflections.remove({ reflectionId }),
    shown: reflections,
    before: { reflections: ["The harbour at six"], totals: "0 sessions, 1 reflections" },
    after: { reflections: [], totals: "0 sessions, 0 reflections" },
  },
  "sessions.create": {
    outdates: ["sessions", "user"],
    write: ({ caller }) => caller.sessions.create({}),
    shown: sessions,
    before: { sessions: [], totals: "0 sessions, 0 reflections" },
    after: { sessions: [], totals: "1 sessions, 0 reflections" },
  },
  "sessions.rename": {
    outdates: ["sessions"],
    arrange: aSession,
    write: ({ caller }, sessionId) => caller.sessions.rename({ sessionId, title: "The harbour" }),
    shown: sessions,
    before: { sessions: ["The sea"], totals: "1 sessions, 0 reflections" },
    after: { sessions: ["The harbour"], totals: "1 sessions, 0 reflections" },
  },
  "sessions.archive": {
    outdates: ["sessions"],
    arrange: aSession,
    write: ({ caller }, sessionId) => caller.sessions.archive({ sessionId }),
    shown: sessions,
    before: { sessions: ["The sea"], totals: "1 sessions, 0 reflections" },
    after: { sessions: [], totals: "1 sessions, 0 reflections" },
  },
  "sessions.restore": {
    outdates: ["sessions"],
    arrange: anArchivedSession,
    write: ({ caller }, sessionId) => caller.sessions.restore({ sessionId }),
    shown: sessions,
    before: { sessions: [], totals: "1 sessions, 0 reflections" },
    after: { sessions: ["The sea"], totals: "1 sessions, 0 reflections" },
  },
  "sessions.setOffRecord": {
    outdates: ["sessions"],
    arrange: aSession,
    write: ({ caller }, sessionId) => caller.sessions.setOffRecord({ sessionId, offRecord: true }),
    shown: sessions,
    before: { sessions: ["The sea"], totals: "1 sessions, 0 reflections" },
    after: { sessions: [], totals: "1 sessions, 0 reflections" },
  },
  "sessions.remove": {
    outdates: ["sessions", "user"],
    arrange: aSession,
    write: ({ caller }, sessionId) => caller.sessions.remove({ sessionId }),
    shown: sessions,
    before: { sessions: ["The sea"], totals: "1 sessions, 0 reflections" },
    after: { sessions: [], totals: "0 sessions, 0 reflections" },
  },
};

/** Writes without a mutation of their name. */
export const OTHER_CASES: Record<string, MutationCase> = {
  "sessions.create, off the record,": {
    outdates: ["sessions", "user"],
    write: ({ caller }) => caller.sessions.create({ offRecord: true }),
    shown: sessions,
    before: { sessions: [], totals: "0 sessions, 0 reflections" },
    after: { sessions: [], totals: "1 sessions, 0 reflections" },
  },
  "account.update, of the language,": {
    outdates: ["user"],
    write: ({ caller }) => caller.account.update({ language: "he" }),
    shown: name,
    before: "Noa",
    after: "Noa",
  },
  "forgetting a reflection alone": {
    outdates: ["reflections", "user"],
    arrange: aReflection,
    write: ({ caller }, id) => caller.knowledge.forget({ items: [{ kind: "reflection", id }] }),
    shown: reflections,
    before: { reflections: ["The harbour at six"], totals: "0 sessions, 1 reflections" },
    after: { reflections: [], totals: "0 sessions, 0 reflections" },
  },
  "bin.restore, of a dream,": {
    outdates: ["dreams"],
    async arrange(world) {
      const id = await aDream(world);
      await world.sql(
        `with removed as (delete from public.dreams where id = $1 returning *)
         insert into public.bin (id, user_id, kind, content)
         select id, user_id, 'dream',
           jsonb_build_object('rows', jsonb_build_object('dreams', jsonb_build_array(to_jsonb(removed))))
         from removed`,
        [id],
      );
      return id;
    },
    write: ({ caller }, id) => caller.bin.restore({ kind: "dream", id }),
    shown: dreams,
    before: [],
    after: ["Learn to sail"],
  },
  "resuming a paused dream": {
    outdates: ["dreams"],
    arrange: (world) => insert(world, "dreams", { title: "Learn to sail", paused: true }),
    write: ({ caller }, dreamId) => caller.dreams.setPaused({ dreamId, paused: false }),
    shown: dreams,
    before: [],
    after: ["Learn to sail"],
  },
  "messages.send, when the model fails,": {
    outdates: ["sessions"],
    voice: "model",
    waitsForContext: true,
    arrange: anUnnamedSession,
    async write({ caller, model }, sessionId) {
      model.answers = [{ kind: "error", status: 400, type: "invalid_request_error" }];
      const message = { sessionId, id: randomUUID(), content: "I think of the sea" };
      const sending = (async () => collect(await caller.messages.send(message)))();
      await expect(sending).rejects.toThrow("Your message is saved");
    },
    shown: messageCounts,
    before: [],
    after: [["- I think of the sea", "1 messages"]],
  },
  "messages.send, which opens a conversation,": {
    outdates: ["sessions", "user"],
    waitsForContext: true,
    write: async ({ caller }) => {
      const first = { sessionId: randomUUID(), id: randomUUID(), content: "I think of the sea" };
      return collect(await caller.messages.send({ ...first, opens: { offRecord: false } }));
    },
    shown: sessions,
    before: { sessions: [], totals: "0 sessions, 0 reflections" },
    after: { sessions: ["I think of the sea"], totals: "1 sessions, 0 reflections" },
  },
  "messages.send, when the model keeps a dream,": {
    outdates: ["dreams", "sessions"],
    voice: "model",
    waitsForContext: true,
    heldWrite: { table: "dreams", outdates: ["dreams"] },
    arrange: aSession,
    async write({ caller, model }, sessionId) {
      const calls = [{ name: "create_dream", input: { title: "Learn to sail" } }];
      model.answers = [{ kind: "tools", words: ["I keep it."], calls }];
      return collect(await caller.messages.send({ sessionId, id: randomUUID(), content: "Keep sailing as a dream" }));
    },
    shown: dreams,
    before: [],
    after: ["Learn to sail"],
  },
};
