import { quote } from "@/server/context/quote";
import { day, defineSection, sectionPolicy } from "@/server/context/section";
import { unwrap } from "@/server/database/errors";

const SHOWN = 3;

/** Other recent conversations. One more than is shown is loaded, so that one entry serves every session. */
export const sessionsSection = defineSection({
  name: "sessions",
  heading: "Their other recent conversations here",
  empty: "This is their only recent conversation.",
  policy: sectionPolicy({ minutes: 2, version: 1 }),

  async load({ database, userId, signal }) {
    const query = database
      .from("clarify_sessions")
      .select("id, title, message_count, last_message_at")
      .eq("user_id", userId)
      .eq("status", "active")
      .order("last_message_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(SHOWN + 1)
      .abortSignal(signal)
      .retry(false);
    return unwrap(await query);
  },

  items(sessions, { currentSessionId }) {
    return sessions
      .filter((session) => session.id !== currentSessionId)
      .slice(0, SHOWN)
      .map((session) => ({
        id: session.id,
        label: session.title ?? "Not named yet",
        text: `${session.title === null ? "(not named yet)" : quote(session.title, 160)} · ${session.message_count} messages · last on ${day(session.last_message_at)}`,
      }));
  },
});
