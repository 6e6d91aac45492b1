import { quote } from "@/server/context/quote";
import { defineSection } from "@/server/context/section";
import { unwrap } from "@/server/database/errors";
import type { Reader } from "./section";
import { day, LONG_TEXT, sectionPolicy } from "./section";

const SHOWN = 3;

/** The latest reflections the person wrote, newest first. */
export const reflectionsSection = defineSection({
  name: "reflections",
  heading: "Their latest reflections",
  empty: "They have not written a reflection yet.",
  policy: sectionPolicy({ minutes: 5, version: 2 }),
  minTokens: 1_500,

  async load({ database, user }: Reader, { signal }) {
    const query = database()
      .from("reflections")
      .select("id, tone, content, created_at")
      .eq("user_id", user.id)
      .eq("paused", false)
      .order("created_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(SHOWN + 1)
      .abortSignal(signal);
    return unwrap(await query);
  },

  items(reflections) {
    return reflections.slice(0, SHOWN).map((reflection) => ({
      id: reflection.id,
      label: reflection.content,
      text: `${[day(reflection.created_at), ...(reflection.tone === null ? [] : [quote(reflection.tone, 40)])].join(", ")}: `,
      longText: quote(reflection.content, LONG_TEXT),
    }));
  },

  hasMore: (reflections) => reflections.length > SHOWN,
});
