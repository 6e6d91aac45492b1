import type { SectionLooks } from "@/components/inspector/section-looks";
import type { SectionName } from "@/server/clarify/sections";

/** The five sections of this app: their names as people read them, and five depths of water and light. */
export const SECTION_LOOKS: SectionLooks<SectionName> = {
  user: { title: "Who you are", tone: "bg-[var(--tone-user)]" },
  dreams: { title: "Dreams", tone: "bg-[var(--tone-dreams)]" },
  patterns: { title: "Patterns", tone: "bg-[var(--tone-patterns)]" },
  sessions: { title: "Other conversations", tone: "bg-[var(--tone-sessions)]" },
  reflections: { title: "Reflections", tone: "bg-[var(--tone-reflections)]" },
};
