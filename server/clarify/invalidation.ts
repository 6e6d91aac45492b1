import { entryKey } from "@/server/cache";
import { sectionKey } from "@/server/context/section";
import type { TableName } from "@/server/database/types";
import type { SectionName } from "./sections";
import { SECTION_NAMES } from "./sections";

/**
 * Which sections each kind of write outdates. The procedures that write and the database webhook both use this table.
 */
export const SECTIONS_OUTDATED_BY = {
  profile: ["user"],
  dream: ["dreams"],
  pattern: ["patterns"],
  sessionCreatedOrRemoved: ["sessions", "user"],
  sessionChanged: ["sessions"],
  message: ["sessions"],
  reflection: ["reflections", "user"],
  bin: [],
  accountRemoved: SECTION_NAMES,
} as const satisfies Record<string, readonly SectionName[]>;

export type WriteKind = keyof typeof SECTIONS_OUTDATED_BY;

/** The name of the entries that keep the last messages of each conversation of a person. */
export const HISTORY = "history";

/** The kinds of write that change or remove messages. */
const HISTORY_OUTDATED_BY: ReadonlySet<WriteKind> = new Set(["message", "sessionCreatedOrRemoved", "accountRemoved"]);

export type RowEvent = "INSERT" | "UPDATE" | "DELETE";

const always = (kind: WriteKind): Record<RowEvent, WriteKind> => ({ INSERT: kind, UPDATE: kind, DELETE: kind });

/** What kind of write a changed row is. A table without an entry does not compile. */
export const WRITE_KINDS: Record<TableName, Record<RowEvent, WriteKind>> = {
  users: { INSERT: "profile", UPDATE: "profile", DELETE: "accountRemoved" },
  dreams: always("dream"),
  clarify_patterns: always("pattern"),
  clarify_sessions: {
    INSERT: "sessionCreatedOrRemoved",
    UPDATE: "sessionChanged",
    DELETE: "sessionCreatedOrRemoved",
  },
  clarify_messages: always("message"),
  clarify_variants: always("message"),
  reflections: always("reflection"),
  bin: always("bin"),
};

/** The cache keys that a write of this kind outdates for one person. */
export function keysOutdatedBy(kind: WriteKind, userId: string): string[] {
  const sections = SECTIONS_OUTDATED_BY[kind].map((name) => sectionKey({ name }, userId));
  return HISTORY_OUTDATED_BY.has(kind) ? [...sections, entryKey(HISTORY, userId)] : sections;
}
