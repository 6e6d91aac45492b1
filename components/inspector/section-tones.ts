import type { SectionName } from "@/server/clarify/sections";

/** Five depths of water and light: one for each section, in the bar and beside its name. */
export const SECTION_TONES: Record<SectionName, string> = {
  user: "bg-[var(--tone-user)]",
  dreams: "bg-[var(--tone-dreams)]",
  patterns: "bg-[var(--tone-patterns)]",
  sessions: "bg-[var(--tone-sessions)]",
  reflections: "bg-[var(--tone-reflections)]",
};
