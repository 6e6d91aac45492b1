import { z } from "zod";
import type { RowEvent } from "@/server/clarify/invalidation";
import { keysOutdatedBy, WRITE_KINDS } from "@/server/clarify/invalidation";
import type { TableName } from "@/server/database/types";

// Only the owner of a row is read, not its content, so late, repeated and reordered events do no harm.
const ownRow = z.object({ id: z.guid() });
const ownedRow = z.object({ user_id: z.guid() });

const place = {
  schema: z.string().max(63),
  table: z.string().max(63),
  /** The id of the app's write that changed the row; null for a write from outside. */
  write: z.string().max(100).nullish(),
};
const row = z.record(z.string(), z.unknown());
const nothing = z.null().optional();

/** A row that changed, in the form of Supabase's database webhooks. */
export const databaseEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("INSERT"), ...place, record: row, old_record: nothing }),
  z.object({ type: z.literal("UPDATE"), ...place, record: row, old_record: row }),
  z.object({ type: z.literal("DELETE"), ...place, record: nothing, old_record: row }),
]);

export type DatabaseEvent = z.output<typeof databaseEvent>;

/**
 * The cache keys that a changed row outdates; none for a table without a section. A row that changes its owner was
 * removed from one person and created for the other.
 * @throws {ZodError} when a row of a known table does not name its owner.
 */
export function keysOutdatedByEvent({ type, schema, table, record, old_record: old }: DatabaseEvent): string[] {
  if (schema !== "public" || !isKnown(table)) return [];
  const owner = record && ownerOf(table, record);
  const formerOwner = old && ownerOf(table, old);
  const keys = (event: RowEvent, userId: string) => keysOutdatedBy(WRITE_KINDS[table][event], userId);
  if (owner && formerOwner && owner !== formerOwner) return [...keys("DELETE", formerOwner), ...keys("INSERT", owner)];
  const userId = owner ?? formerOwner;
  return userId ? keys(type, userId) : [];
}

function isKnown(table: string): table is TableName {
  return Object.hasOwn(WRITE_KINDS, table);
}

function ownerOf(table: TableName, values: Record<string, unknown>): string {
  return table === "users" ? ownRow.parse(values).id : ownedRow.parse(values).user_id;
}
