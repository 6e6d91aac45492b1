import { useMemo } from "react";
import type { SectionLooks } from "@/components/inspector/section-looks";
import { useWords } from "@/components/words/words";
import type { SectionName } from "@/server/clarify/sections";

/** The five sections of this app: their titles in the language of the page, and five colours. */
export function useSectionLooks(): SectionLooks<SectionName> {
  const { sections } = useWords().inspector;
  return useMemo(
    () => ({
      user: { title: sections.user, tone: "bg-[var(--tone-user)]" },
      dreams: { title: sections.dreams, tone: "bg-[var(--tone-dreams)]" },
      patterns: { title: sections.patterns, tone: "bg-[var(--tone-patterns)]" },
      sessions: { title: sections.sessions, tone: "bg-[var(--tone-sessions)]" },
      reflections: { title: sections.reflections, tone: "bg-[var(--tone-reflections)]" },
    }),
    [sections],
  );
}
