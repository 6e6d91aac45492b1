import type { SectionName } from "@/server/context/context";
import type { RenderOptions, Section, SectionItem } from "@/server/context/section";
import { dreamsSection } from "./dreams";
import { patternsSection } from "./patterns";
import { reflectionsSection } from "./reflections";
import { sessionsSection } from "./sessions";
import { userSection } from "./user";

interface SectionDataByName {
  user: Awaited<ReturnType<typeof userSection.load>>;
  dreams: Awaited<ReturnType<typeof dreamsSection.load>>;
  patterns: Awaited<ReturnType<typeof patternsSection.load>>;
  sessions: Awaited<ReturnType<typeof sessionsSection.load>>;
  reflections: Awaited<ReturnType<typeof reflectionsSection.load>>;
}

/** What a section's loader returns and its cache entry holds. */
export type SectionData<Name extends SectionName> = SectionDataByName[Name];

export const sections: { [Name in SectionName]: Section<SectionData<Name>> } = {
  user: userSection,
  dreams: dreamsSection,
  patterns: patternsSection,
  sessions: sessionsSection,
  reflections: reflectionsSection,
};

/** The lines of one section, worded for the model. */
export function sectionItems<Name extends SectionName>(
  name: Name,
  data: SectionData<Name>,
  options: RenderOptions,
): SectionItem[] {
  const section: Section<SectionData<Name>> = sections[name];
  return section.items(data, options);
}
