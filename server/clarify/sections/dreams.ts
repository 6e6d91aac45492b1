import { quote } from "@/server/context/quote";
import { defineSection } from "@/server/context/section";
import { unwrap } from "@/server/database/errors";
import type { Reader } from "./section";
import { day, LONG_TEXT, sectionPolicy } from "./section";

const SHOWN = 5;

/** Active dreams that are not paused, newest updated first. */
export const dreamsSection = defineSection({
  name: "dreams",
  heading: "Dreams they are working towards",
  empty: "They have no active dream yet.",
  policy: sectionPolicy({ minutes: 5, version: 2 }),
  minTokens: 1_500,
  maxTokens: 6_000,

  async load({ database, user }: Reader, { signal }) {
    const query = database()
      .from("dreams")
      .select("id, title, category, description, target_date, updated_at")
      .eq("user_id", user.id)
      .eq("status", "active")
      .eq("paused", false)
      .order("updated_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(SHOWN + 1)
      .abortSignal(signal);
    return unwrap(await query);
  },

  items(dreams) {
    return dreams.slice(0, SHOWN).map((dream) => {
      const details = [
        dream.category && quote(dream.category, 40),
        dream.target_date && `by ${day(dream.target_date)}`,
      ].filter(Boolean);
      const text = [quote(dream.title, 160), ...details].join(" · ");
      if (!dream.description) return { id: dream.id, label: dream.title, text };
      return { id: dream.id, label: dream.title, text: `${text} · `, longText: quote(dream.description, LONG_TEXT) };
    });
  },

  hasMore: (dreams) => dreams.length > SHOWN,
});
