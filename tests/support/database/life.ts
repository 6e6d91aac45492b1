import { randomUUID } from "node:crypto";
import { encodeCursor } from "@/server/database/keyset";
import type { Person } from "./person";
import { createPerson } from "./person";
import type { RunSql } from "./sql";
import type { StackAddress } from "./test-stack";

/** A person with a row in every table, one reply of whom another process is writing. */
export interface Life {
  person: Person;
  /** Ids by the names that inputs and parameters have for them. */
  ids: Record<
    | "userId"
    | "sessionId"
    | "busySessionId"
    | "messageId"
    | "busyMessageId"
    | "replyId"
    | "variantId"
    | "dreamId"
    | "removedDreamId"
    | "patternId"
    | "reflectionId"
    | "claimToken",
    string
  >;
  /** Is part of every text of theirs, and of nobody else's. */
  secret: string;
  /** A cursor of theirs. */
  cursor: string;
}

/** The word that is in every text of every life, to search for. */
export const COMMON_WORD = "harbour";

/** Rows that nobody but `createLife` makes: every table with rows of people is in it. */
export async function createLife(stack: StackAddress, sql: RunSql, options: { email?: string } = {}): Promise<Life> {
  const secret = `secret${randomUUID().replaceAll("-", "")}`;
  const text = `${COMMON_WORD} ${secret}`;
  const person = await createPerson(stack, { name: text, ...options });
  const id = randomUUID;
  const ids = {
    userId: person.id,
    ...{ sessionId: id(), busySessionId: id(), messageId: id(), busyMessageId: id(), replyId: id(), variantId: id() },
    ...{ dreamId: id(), removedDreamId: id(), patternId: id(), reflectionId: id(), claimToken: id() },
  };
  const at = new Date(Date.now() - 60_000).toISOString();
  const insert = (table: string, row: Record<string, unknown>) => {
    const names = Object.keys(row);
    const places = names.map((_, index) => `$${index + 1}`).join(", ");
    return sql(`insert into ${table} (${names.join(", ")}) values (${places})`, Object.values(row));
  };
  const own = { user_id: ids.userId };
  await insert("public.clarify_sessions", { id: ids.sessionId, ...own, title: text });
  await insert("public.clarify_sessions", { id: ids.busySessionId, ...own, title: text });
  await insert("public.dreams", {
    ...{ id: ids.dreamId, ...own, session_id: ids.sessionId, title: text, description: text, category: secret },
  });
  const removed = { id: ids.removedDreamId, ...own, title: text };
  await insert("public.bin", {
    ...removed,
    kind: "dream",
    content: JSON.stringify({ rows: { dreams: [removed] }, links: {} }),
  });
  const message = { ...own, session_id: ids.sessionId, content: text };
  await insert("public.clarify_messages", { id: ids.messageId, ...message, role: "user", created_at: at });
  const reply = { id: ids.replyId, ...message, role: "assistant", reply_to: ids.messageId };
  await insert("public.clarify_messages", { ...reply, status: "interrupted", model: "test", variants: 2 });
  await insert("public.clarify_variants", {
    ...{ id: ids.variantId, ...own, session_id: ids.sessionId, message_id: ids.messageId, variant: 2 },
    ...{ question: text, content: text, status: "complete", created_at: at },
  });
  await insert("public.clarify_messages", {
    ...{ id: ids.busyMessageId, ...own, session_id: ids.busySessionId, role: "user", content: text },
    ...{ answering_token: ids.claimToken, answering_until: new Date(Date.now() + 3_600_000).toISOString() },
  });
  await insert("public.clarify_patterns", {
    ...{ id: ids.patternId, ...own, session_id: ids.sessionId, type: "tension", content: text, strength: 5 },
    message_ids: [ids.messageId],
  });
  await insert("public.reflections", {
    id: ids.reflectionId,
    ...own,
    dream_id: ids.dreamId,
    tone: "calm",
    content: text,
  });
  await sql("update public.clarify_sessions set summary = $2, summarised = 1 where id = $1", [ids.sessionId, text]);
  await insert("private.running_replies", {
    ...{ claim_token: ids.claimToken, ...own, message_id: ids.busyMessageId, told_at: new Date().toISOString() },
    progress: JSON.stringify({ text }),
  });
  await insert("private.model_calls", { id: id(), ...own, day: at.slice(0, 10), tokens: 10 });
  await insert("private.consolidations", {
    ...own,
    token: ids.claimToken,
    claimed_until: "2999-01-01T00:00:00Z",
    attempted_at: at,
  });
  await insert("private.summary_attempts", {
    ...{ session_id: ids.sessionId, ...own, token: ids.claimToken, not_before: "2999-01-01T00:00:00Z" },
  });
  return { person, ids, secret, cursor: encodeCursor({ at, id: ids.messageId }) };
}

/** The tables of our schemas whose rows belong to people, with the column that says to whom. */
export async function ownedTables(sql: RunSql): Promise<{ table: string; owner: string }[]> {
  const rows = await sql(`
    select format('%I.%I', nspname, relname) as table,
      coalesce(max(attname) filter (where attname = 'user_id'), max(attname) filter (where relname = 'users' and attname = 'id')) as owner
    from pg_class as class
    join pg_namespace as schema on schema.oid = relnamespace
    join pg_attribute on attrelid = class.oid and attnum > 0 and not attisdropped
    where nspname in ('public', 'private') and relkind in ('r', 'p')
    group by 1 order by 1`);
  return rows.flatMap(({ table, owner }) => (owner === null ? [] : [{ table: String(table), owner: String(owner) }]));
}

/** Everything that is stored of a person, to compare. */
export async function storedOf(sql: RunSql, userId: string): Promise<Record<string, unknown[]>> {
  const tables = await ownedTables(sql);
  const entries = await Promise.all(
    tables.map(async ({ table, owner }) => {
      const rows = await sql(`select to_jsonb(own) as row from ${table} as own where ${owner} = $1 order by 1`, [
        userId,
      ]);
      return [table, rows.map(({ row }) => row)] as const;
    }),
  );
  const accounts = await sql("select id::text, email from auth.users where id = $1", [userId]);
  return { ...Object.fromEntries(entries), "auth.users": accounts };
}
