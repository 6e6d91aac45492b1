import { quote } from "@/server/context/quote";
import { defineSection } from "@/server/context/section";
import { unwrap } from "@/server/database/errors";
import type { Reader } from "./section";
import { day, sectionPolicy } from "./section";

/** Active dreams, newest updated first. */
export const dreamsSection = defineSection({
  name: "dreams",
  heading: "Dreams they are working towards",
  empty: "They have no active dream yet.",
  policy: sectionPolicy({ minutes: 5, version: 1 }),

  async load({ database, user }: Reader, { signal }) {
    const query = database()
      .from("dreams")
      .select("id, title, category, description, target_date, updated_at")
      .eq("user_id", user.id)
      .eq("status", "active")
      .order("updated_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(5)
      .abortSignal(signal);
    return unwrap(await query);
  },

  items(dreams) {
    return dreams.map((dream) => {
      const details = [
        dream.category && quote(dream.category, 40),
        dream.target_date && `by ${day(dream.target_date)}`,
        dream.description && quote(dream.description),
      ].filter(Boolean);
      return { id: dream.id, label: dream.title, text: [quote(dream.title, 160), ...details].join(" · ") };
    });
  },
});
