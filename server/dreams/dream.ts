import { z } from "zod";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { DreamRow } from "@/server/database/types";
import { FIELD_LIMITS } from "@/server/field-limits";
import { calendarDay, text, textOrNone, uuid } from "@/server/input";

export const DREAM_STATUSES = ["active", "achieved", "released"] as const;

export interface Dream {
  id: string;
  title: string;
  description: string | null;
  category: string | null;
  status: (typeof DREAM_STATUSES)[number];
  /** Whether it is left out of every context until it is resumed. */
  paused: boolean;
  /** A calendar day, as `2027-05-31`. */
  targetDate: string | null;
  /** The conversation in which it was created. */
  sessionId: string | null;
  /** ISO-8601, UTC, as are all the times below. */
  achievedAt: string | null;
  releasedAt: string | null;
  createdAt: string;
  updatedAt: string;
}

/** The fields that a person, or the model on their behalf, may set. */
export const dreamFields = {
  title: text("A title", FIELD_LIMITS.dreamTitle),
  description: textOrNone("A description", FIELD_LIMITS.dreamDescription),
  category: textOrNone("A category", FIELD_LIMITS.dreamCategory),
  targetDate: calendarDay.nullable(),
};

/** A new dream. A client that makes the id itself may repeat the call. */
export const newDreamSchema = z
  .object({
    id: uuid.optional(),
    sessionId: uuid.nullish(),
    title: dreamFields.title,
    description: dreamFields.description.optional(),
    category: dreamFields.category.optional(),
    targetDate: dreamFields.targetDate.optional(),
  })
  .strict();

export type NewDream = z.output<typeof newDreamSchema>;

export const DREAM_COLUMNS =
  "id, title, description, category, status, paused, target_date, session_id, achieved_at, released_at, created_at, updated_at";

type DreamColumns = Omit<DreamRow, "user_id">;

export function toDream(row: DreamColumns): Dream {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    category: row.category,
    status: row.status,
    paused: row.paused,
    // The embedded server returns a date with a time of day.
    targetDate: row.target_date?.slice(0, 10) ?? null,
    sessionId: row.session_id,
    achievedAt: row.achieved_at && toIsoTimestamp(row.achieved_at),
    releasedAt: row.released_at && toIsoTimestamp(row.released_at),
    createdAt: toIsoTimestamp(row.created_at),
    updatedAt: toIsoTimestamp(row.updated_at),
  };
}
