import { quote } from "@/server/context/quote";
import { defineSection } from "@/server/context/section";
import { unwrap } from "@/server/database/errors";
import type { Reader } from "./section";
import { sectionPolicy } from "./section";

const TYPE_WORDS = {
  recurring_theme: "returns to",
  tension: "is torn",
  potential_dream: "may be dreaming of",
  identity_signal: "sees themself",
} as const;

const SHOWN = 10;

/** Patterns with a strength of at least 3, strongest first. */
export const patternsSection = defineSection({
  name: "patterns",
  heading: "Patterns noticed across conversations (strength 1-10)",
  empty: "No pattern has shown itself yet.",
  policy: sectionPolicy({ minutes: 10, version: 2 }),

  async load({ database, user }: Reader, { signal }) {
    const query = database()
      .from("clarify_patterns")
      .select("id, type, content, strength")
      .eq("user_id", user.id)
      .eq("paused", false)
      .gte("strength", 3)
      .order("strength", { ascending: false })
      .order("last_seen_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(SHOWN + 1)
      .abortSignal(signal);
    return unwrap(await query);
  },

  items(patterns) {
    return patterns.slice(0, SHOWN).map((pattern) => ({
      id: pattern.id,
      label: pattern.content,
      text: `[${pattern.strength}] ${TYPE_WORDS[pattern.type]}: ${quote(pattern.content)}`,
    }));
  },

  hasMore: (patterns) => patterns.length > SHOWN,
});
