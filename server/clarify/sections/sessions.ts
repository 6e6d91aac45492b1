import { z } from "zod";
import { quote } from "@/server/context/quote";
import { defineSection } from "@/server/context/section";
import { unwrap } from "@/server/database/errors";
import { uuid } from "@/server/input";
import { calmTitle } from "@/server/safety/calm-title";
import type { Reader } from "./section";
import { day, sectionPolicy } from "./section";

const SHOWN = 3;

/** The label of a conversation whose title speaks of a crisis, which is loaded as null. */
export const NOT_NAMED = "Not named yet";

/**
 * Other recent conversations that are on the record and in which something was said, which names them. Loads two more
 * than are shown: one that may be the current session, so that one entry serves every session, and one that tells that
 * there are more.
 */
export const sessionsSection = defineSection({
  name: "sessions",
  heading: "Their other recent conversations here",
  empty: "This is their only recent conversation.",
  policy: sectionPolicy({ minutes: 2, version: 4 }),

  // The current session is left out when the lines are made, after the cache.
  itemsInput: z.object({ sessionId: uuid.nullable() }).strict(),

  async load({ database, user }: Reader, { signal }) {
    const query = database()
      .from("clarify_sessions")
      .select("id, title, message_count, last_message_at")
      .eq("user_id", user.id)
      .eq("status", "active")
      .eq("off_record", false)
      .not("title", "is", null)
      .order("last_message_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(SHOWN + 2)
      .abortSignal(signal);
    // Titles are judged here, because the lines are made for every message and this takes longer than all the rest.
    return unwrap(await query).map(({ title, ...session }) => ({ ...session, title: calmTitle(title) }));
  },

  items(sessions, { sessionId }) {
    return others(sessions, sessionId)
      .slice(0, SHOWN)
      .map(({ id, title, message_count, last_message_at }) => ({
        id,
        label: title ?? NOT_NAMED,
        text: `${title === null ? "(about a very hard time)" : quote(title, 160)} · ${message_count} messages · last on ${day(last_message_at)}`,
      }));
  },

  hasMore: (sessions, { sessionId }) => others(sessions, sessionId).length > SHOWN,
});

function others<Session extends { id: string }>(sessions: readonly Session[], sessionId: string | null): Session[] {
  return sessions.filter(({ id }) => id !== sessionId);
}
