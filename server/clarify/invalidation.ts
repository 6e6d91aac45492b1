import type { SectionName } from "./context";
import { SECTION_NAMES } from "./context";
import { sectionKey } from "./section";

/**
 * Which sections each kind of write outdates. The one place that knows: the procedures that write and the database
 * webhook both look here.
 */
export const SECTIONS_OUTDATED_BY = {
  profile: ["user"],
  dream: ["dreams"],
  pattern: ["patterns"],
  sessionCreatedOrRemoved: ["sessions", "user"],
  sessionChanged: ["sessions"],
  message: ["sessions"],
  reflection: ["reflections", "user"],
  accountRemoved: SECTION_NAMES,
} as const satisfies Record<string, readonly SectionName[]>;

export type WriteKind = keyof typeof SECTIONS_OUTDATED_BY;

/** The cache keys that a write of this kind outdates for one person. */
export function keysOutdatedBy(kind: WriteKind, userId: string): string[] {
  return SECTIONS_OUTDATED_BY[kind].map((name) => sectionKey(name, userId));
}

/** The cache keys of the given sections, or of all five. */
export function sectionKeys(userId: string, names: readonly SectionName[] = SECTION_NAMES): string[] {
  return names.map((name) => sectionKey(name, userId));
}
