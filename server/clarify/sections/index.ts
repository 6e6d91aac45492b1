import type { BuiltContext } from "@/server/context/context";
import { dreamsSection } from "./dreams";
import { patternsSection } from "./patterns";
import { reflectionsSection } from "./reflections";
import { sessionsSection } from "./sessions";
import { userSection } from "./user";

/** In priority order: when the budget is short, the last sections lose their items first. */
export const sections = [userSection, dreamsSection, patternsSection, sessionsSection, reflectionsSection] as const;

export type SectionName = (typeof sections)[number]["name"];
export type ClarifyContext = BuiltContext<SectionName>;

export const SECTION_NAMES: readonly SectionName[] = sections.map(({ name }) => name);
