import { randomUUID } from "node:crypto";
import type { RelatedRow } from "@/server/database/types";
import type { RunSql } from "../database/sql";
import { ITEMS } from "./labelled";

/**
 * Writes the labelled items as a person's: messages into an earlier conversation, reflections, and dreams. The latest
 * dreams and reflections, which the context has anyway, are others.
 * @returns the conversation in which the person asks now.
 */
export async function seedItems(sql: RunSql, userId: string): Promise<string> {
  const [earlier, now] = [randomUUID(), randomUUID()];
  await sql("insert into public.clarify_sessions (id, user_id) values ($1, $3), ($2, $3)", [earlier, now, userId]);
  const items = JSON.stringify(ITEMS);
  await sql(
    `insert into public.clarify_messages (id, user_id, session_id, role, content, created_at)
     select id, $1, $2, 'user', text, at from jsonb_to_recordset($3::text::jsonb) as item (id uuid, kind text, text text, at timestamptz)
     where kind = 'message'`,
    [userId, earlier, items],
  );
  await sql(
    `insert into public.reflections (id, user_id, tone, content, created_at)
     select id, $1, 'calm', text, at from jsonb_to_recordset($2::text::jsonb) as item (id uuid, kind text, text text, at timestamptz)
     where kind = 'reflection'`,
    [userId, items],
  );
  await sql(
    `insert into public.dreams (id, user_id, title, description, created_at, updated_at)
     select id, $1, left(text, 100), text, at, at
     from jsonb_to_recordset($2::text::jsonb) as item (id uuid, kind text, text text, at timestamptz) where kind = 'dream'`,
    [userId, items],
  );
  await sql(
    `with dream as (insert into public.dreams (user_id, title) select $1::uuid, 'Zero' from generate_series(1, 5))
     insert into public.reflections (user_id, tone, content) select $1::uuid, 'calm', 'Zero' from generate_series(1, 3)`,
    [userId],
  );
  return now;
}

/** What the database finds for a message of a person, without storing the message. */
export async function findRelated(
  sql: RunSql,
  { userId, sessionId, asks }: { userId: string; sessionId: string; asks: string },
): Promise<RelatedRow[]> {
  const message = JSON.stringify({ id: randomUUID(), user_id: userId, session_id: sessionId });
  const [row] = await sql(
    `select private.related_items(message, $2, 3) as related
     from jsonb_populate_record(null::public.clarify_messages, $1::text::jsonb) as message`,
    [message, asks],
  );
  return row?.related as RelatedRow[];
}
