import type { ServiceDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import { demoRows } from "./rows";

/** The name of the demo person. */
export const DEMO_NAME = "Maya Levin";

/**
 * Writes the demo person's data into an account: replies, patterns and past dates are more than a person may write. May be
 * repeated after it was interrupted.
 * @param now all dates are relative to it
 */
export async function writeDemoLife(database: ServiceDatabase, userId: string, now: Date): Promise<void> {
  const rows = demoRows(userId, now);
  const once = { onConflict: "id", ignoreDuplicates: true };
  unwrap(await database.from("dreams").upsert(rows.dreams, once));
  unwrap(await database.from("clarify_sessions").upsert(rows.sessions, once));
  unwrap(await database.from("clarify_messages").upsert(rows.messages, once));
  unwrap(await database.from("clarify_messages").upsert(rows.replies, once));
  unwrap(await database.from("dreams").upsert(rows.dreamsOutOfSessions, once));
  unwrap(await database.from("clarify_patterns").upsert(rows.patterns, once));
  unwrap(await database.from("reflections").upsert(rows.reflections, once));
}
