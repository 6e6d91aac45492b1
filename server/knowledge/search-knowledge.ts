import type { BinKey } from "@/server/bin/bin";
import type { UserDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { KnowledgeRow } from "@/server/database/types";
import type { ExcerptPart } from "@/server/sessions/excerpt";
import { excerpt } from "@/server/sessions/excerpt";
import { containing, searchWords } from "@/server/sessions/fold";

/** The most items of one search, and of one call that forgets. */
export const MOST_AT_ONCE = 100;

/** Something that is stored about the person and matches a search. */
export interface Knowledge extends BinKey {
  /** Whether the person has removed it, and it is in the bin. */
  inBin: boolean;
  /** The part of the text around the first match. For a conversation, the text is the newest one that matches. */
  excerpt: ExcerptPart[];
  /**
   * When the pattern was last seen, the dream updated, the reflection or message written, or anything in the bin
   * removed. ISO-8601, UTC.
   */
  at: string;
  /** Null unless the kind is `conversation`. */
  conversation: { title: string | null; messageCount: number } | null;
}

/** The newest items that contain every word of a search, newest first, and whether there are more. */
export async function searchKnowledge(
  database: UserDatabase,
  search: string,
): Promise<{ items: Knowledge[]; more: boolean }> {
  const words = searchWords(search);
  // A search for vowel points or accents alone folds to nothing.
  if (words.length === 0) return { items: [], more: false };
  const args = { p_patterns: words.map(containing), p_limit: MOST_AT_ONCE + 1 };
  const [known, removed] = await Promise.all([
    database.rpc("search_knowledge", args).then(unwrap),
    database.rpc("search_bin", args).then(unwrap),
  ]);
  const items = [
    ...known.map((row) => toKnowledge(row, { words, inBin: false })),
    ...removed.map((row) => toKnowledge(row, { words, inBin: true })),
  ].sort((one, other) => other.at.localeCompare(one.at));
  return { items: items.slice(0, MOST_AT_ONCE), more: items.length > MOST_AT_ONCE };
}

function toKnowledge(row: KnowledgeRow, { words, inBin }: { words: readonly string[]; inBin: boolean }): Knowledge {
  return {
    kind: row.kind,
    id: row.id,
    inBin,
    excerpt: excerpt(row.content, words),
    at: toIsoTimestamp(row.at),
    conversation:
      row.session_message_count === null ? null : { title: row.session_title, messageCount: row.session_message_count },
  };
}
