import { quote } from "@/server/context/quote";
import { defineSection } from "@/server/context/section";
import { unwrap } from "@/server/database/errors";
import type { Reader } from "./section";
import { day, sectionPolicy } from "./section";

/** The person's own row: name, tier and totals. */
export const userSection = defineSection({
  name: "user",
  heading: "Who they are",
  empty: "Nothing is known about them yet.",
  policy: sectionPolicy({ minutes: 5, version: 1 }),

  async load({ database, user }: Reader, { signal }) {
    const query = database()
      .from("users")
      .select("id, name, tier, total_sessions, total_reflections, created_at")
      .eq("id", user.id)
      .abortSignal(signal)
      .maybeSingle();
    return unwrap(await query);
  },

  items(user) {
    if (user === null) return [];
    return [
      { id: "name", label: user.name, text: `Name: ${quote(user.name, 80)}` },
      {
        id: "since",
        label: `Here since ${day(user.created_at)}`,
        values: { day: day(user.created_at) },
        text: `Here since ${day(user.created_at)}, on the ${user.tier} plan`,
      },
      {
        id: "totals",
        label: `${user.total_sessions} sessions, ${user.total_reflections} reflections`,
        values: { conversations: user.total_sessions, reflections: user.total_reflections },
        text: `So far: ${user.total_sessions} sessions and ${user.total_reflections} reflections`,
      },
    ];
  },
});
