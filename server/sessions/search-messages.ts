import type { UserDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import type { Keyset, Page } from "@/server/database/keyset";
import { toPage } from "@/server/database/keyset";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { FoundMessageRow } from "@/server/database/types";
import { calmTitle } from "@/server/safety/calm-title";
import type { ExcerptPart } from "./excerpt";
import { excerpt } from "./excerpt";
import { containing, searchWords } from "./fold";

/** A message that a search found, with an excerpt. */
export interface FoundMessage {
  id: string;
  session: { id: string; title: string | null; archived: boolean };
  role: "user" | "assistant";
  excerpt: ExcerptPart[];
  /** ISO-8601, UTC. */
  createdAt: string;
}

interface MessageSearch {
  search: string;
  cursor?: Keyset | null | undefined;
  limit: number;
}

/** The person's own messages that contain every word of a search, newest first, from all conversations. */
export async function searchMessages(
  database: UserDatabase,
  { search, cursor, limit }: MessageSearch,
): Promise<Page<FoundMessage>> {
  const words = searchWords(search);
  // A search that consists of points and accents has no words left.
  if (words.length === 0) return { items: [], nextCursor: null };
  const call = database.rpc("search_messages", {
    p_patterns: words.map(containing),
    p_limit: limit + 1,
    ...(cursor && { p_before_at: cursor.at, p_before_id: cursor.id }),
  });
  return toPage(unwrap(await call), limit, {
    toItem: (row) => toFoundMessage(row, words),
    toKeyset: (row) => ({ at: row.created_at, id: row.id }),
  });
}

function toFoundMessage(row: FoundMessageRow, words: readonly string[]): FoundMessage {
  return {
    id: row.id,
    session: { id: row.session_id, title: calmTitle(row.session_title), archived: row.session_status === "archived" },
    role: row.role,
    excerpt: excerpt(row.content, words),
    createdAt: toIsoTimestamp(row.created_at),
  };
}
