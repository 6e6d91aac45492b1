/**
 * The tables as the API's clients see them, defined once. The row types derive from this (types.ts), and a test
 * compares it with the migrated database, so neither can change without the other.
 */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Who sets a column: the client at any time, the client only when it inserts the row, or only the database. */
export type Writability = "writable" | "fixed" | "derived";

export interface Column<Value = unknown, Optional extends boolean = boolean, Mode extends Writability = Writability> {
  /** The type's name in information_schema. */
  sqlType: string;
  nullable: boolean;
  /** Whether an insert may leave it out. */
  optional: Optional;
  mode: Mode;
  /** The only values its check constraint allows. */
  values?: readonly string[];
  /** Only carries the type; never set. */
  readonly value?: Value;
}

interface ColumnBuilder<Value, Optional extends boolean, Mode extends Writability>
  extends Column<Value, Optional, Mode> {
  /** Nullable, so it may be left out of an insert. */
  orNull(): ColumnBuilder<Value | null, true, Mode>;
  /** Has a default, so it may be left out of an insert. */
  byDefault(): ColumnBuilder<Value, true, Mode>;
  /** Set when the row is inserted, and never changed. */
  fixed(): ColumnBuilder<Value, Optional, "fixed">;
  /** Set only by the database. */
  derived(): ColumnBuilder<Value, true, "derived">;
}

function column<Value, Optional extends boolean = false, Mode extends Writability = "writable">(
  description: Column<Value, Optional, Mode>,
): ColumnBuilder<Value, Optional, Mode> {
  return {
    ...description,
    orNull: () => column<Value | null, true, Mode>({ ...description, nullable: true, optional: true }),
    byDefault: () => column<Value, true, Mode>({ ...description, optional: true }),
    fixed: () => column<Value, Optional, "fixed">({ ...description, mode: "fixed" }),
    derived: () => column<Value, true, "derived">({ ...description, optional: true, mode: "derived" }),
  };
}

const required = { nullable: false, optional: false, mode: "writable" } as const;
const uuid = () => column<string>({ ...required, sqlType: "uuid" });
const text = () => column<string>({ ...required, sqlType: "text" });
const integer = () => column<number>({ ...required, sqlType: "integer" });
const smallint = () => column<number>({ ...required, sqlType: "smallint" });
const date = () => column<string>({ ...required, sqlType: "date" });
const timestamp = () => column<string>({ ...required, sqlType: "timestamp with time zone" });
const boolean = () => column<boolean>({ ...required, sqlType: "boolean" });
const uuids = () => column<string[]>({ ...required, sqlType: "ARRAY" });
const jsonb = () => column<Json>({ ...required, sqlType: "jsonb" });
const oneOf = <const Values extends readonly string[]>(...values: Values) =>
  column<Values[number]>({ ...required, sqlType: "text", values });

const ownedRow = {
  id: uuid().byDefault().fixed(),
  user_id: uuid().fixed(),
  created_at: timestamp().byDefault().fixed(),
  updated_at: timestamp().byDefault(),
};

export const tables = {
  users: {
    id: uuid().derived(),
    name: text(),
    tier: oneOf("free", "pro", "unlimited").derived(),
    total_sessions: integer().derived(),
    total_reflections: integer().derived(),
    created_at: timestamp().derived(),
    updated_at: timestamp().byDefault(),
    language: text().orNull(),
    demo_ends_at: timestamp().orNull().derived(),
  },
  dreams: {
    ...ownedRow,
    session_id: uuid().orNull().fixed(),
    title: text(),
    description: text().orNull(),
    category: text().orNull(),
    status: oneOf("active", "achieved", "released").byDefault(),
    target_date: date().orNull(),
    achieved_at: timestamp().orNull(),
    released_at: timestamp().orNull(),
    paused: boolean().byDefault(),
  },
  clarify_sessions: {
    ...ownedRow,
    dream_id: uuid().orNull(),
    title: text().orNull(),
    status: oneOf("active", "archived").byDefault(),
    message_count: integer().derived(),
    last_message_at: timestamp().derived(),
    off_record: boolean().byDefault(),
    summary: text().orNull().derived(),
    summarised: integer().derived(),
  },
  clarify_messages: {
    ...ownedRow,
    id: uuid().fixed(),
    session_id: uuid().fixed(),
    reply_to: uuid().orNull().fixed(),
    role: oneOf("user", "assistant").fixed(),
    content: text(),
    status: oneOf("complete", "interrupted", "failed", "refused").byDefault(),
    input_tokens: integer().orNull(),
    output_tokens: integer().orNull(),
    cache_read_tokens: integer().orNull(),
    cache_write_tokens: integer().orNull(),
    model: text().orNull(),
    tool_use: jsonb().orNull(),
    consolidated_at: timestamp().orNull(),
    answering_until: timestamp().orNull(),
    answering_token: uuid().orNull(),
    variant: integer().derived(),
    variants: integer().derived(),
  },
  clarify_variants: {
    id: uuid().derived(),
    user_id: uuid().derived(),
    session_id: uuid().derived(),
    message_id: uuid().derived(),
    variant: integer().derived(),
    question: text().derived(),
    question_consolidated_at: timestamp().orNull().derived(),
    content: text().derived(),
    status: oneOf("complete", "interrupted", "failed", "refused").derived(),
    input_tokens: integer().orNull().derived(),
    output_tokens: integer().orNull().derived(),
    cache_read_tokens: integer().orNull().derived(),
    cache_write_tokens: integer().orNull().derived(),
    model: text().orNull().derived(),
    tool_use: jsonb().orNull().derived(),
    created_at: timestamp().derived(),
  },
  clarify_patterns: {
    ...ownedRow,
    session_id: uuid().orNull().fixed(),
    type: oneOf("recurring_theme", "tension", "potential_dream", "identity_signal").fixed(),
    content: text(),
    strength: smallint().byDefault().fixed(),
    last_seen_at: timestamp().byDefault().fixed(),
    decayed_at: timestamp().orNull().fixed(),
    message_ids: uuids().byDefault().fixed(),
    paused: boolean().byDefault(),
  },
  reflections: {
    ...ownedRow,
    dream_id: uuid().orNull(),
    tone: text().orNull(),
    content: text(),
    paused: boolean().byDefault(),
  },
  bin: {
    id: uuid().derived(),
    user_id: uuid().derived(),
    kind: oneOf("pattern", "dream", "reflection", "conversation").derived(),
    title: text().orNull().derived(),
    content: jsonb().derived(),
    last_message_at: timestamp().orNull().derived(),
    removed_at: timestamp().derived(),
  },
};
