import type { SectionName } from "@/server/clarify/sections";

/** Each section in the colour that it has in the inspector. */
export const SECTION_COLORS: Record<SectionName, string> = {
  user: "var(--tone-user)",
  dreams: "var(--tone-dreams)",
  patterns: "var(--tone-patterns)",
  sessions: "var(--tone-sessions)",
  reflections: "var(--tone-reflections)",
};
