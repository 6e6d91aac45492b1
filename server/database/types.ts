import type { Column, Json, tables, Writability } from "./schema";

type Columns = Record<string, Column>;
type Value<C> = C extends Column<infer V> ? V : never;
type KeysOfMode<C extends Columns, Mode extends Writability> = {
  [K in keyof C]: C[K]["mode"] extends Mode ? K : never;
}[keyof C];
type OptionalKeys<C extends Columns> = { [K in keyof C]: C[K]["optional"] extends true ? K : never }[keyof C];
type Flat<T> = { [K in keyof T]: T[K] };

type Row<C extends Columns> = Flat<{ -readonly [K in keyof C]: Value<C[K]> }>;
type InsertKeys<C extends Columns> = KeysOfMode<C, "writable" | "fixed">;
type Insert<C extends Columns> = Flat<
  { [K in Exclude<InsertKeys<C>, OptionalKeys<C>>]: Value<C[K]> } & {
    [K in Extract<InsertKeys<C>, OptionalKeys<C>>]?: Value<C[K]>;
  }
>;
type Update<C extends Columns> = Flat<{ [K in KeysOfMode<C, "writable">]?: Value<C[K]> }>;

type Tables = typeof tables;
export type TableName = keyof Tables;

/** The schema in the form that supabase-js expects. Columns that only the database sets are only in `Row`. */
export interface Database {
  public: {
    Tables: {
      [Name in TableName]: {
        Row: Row<Tables[Name]>;
        Insert: Insert<Tables[Name]>;
        Update: Update<Tables[Name]>;
        // No query embeds another table.
        Relationships: [];
      };
    };
    Views: Record<never, never>;
    Functions: {
      begin_message: { Args: BeginMessageArgs; Returns: BegunMessageRows };
      begin_conversation: { Args: BeginMessageArgs & { p_off_record: boolean }; Returns: BegunMessageRows };
      begin_resume: {
        Args: {
          p_session_id: string;
          p_reply_id: string;
          p_history_limit: number;
          p_claim_token: string;
          p_claim_ms: number;
        };
        Returns: BegunResumeRows;
      };
      hold_claim: { Args: { p_message_id: string; p_claim_token: string; p_claim_ms: number }; Returns: boolean };
      store_reply: {
        Args: ReplyArgs & { p_message_id: string; p_model: string };
        Returns: MessageRow;
      };
      extend_reply: {
        Args: ReplyArgs & { p_from: number };
        Returns: MessageRow;
      };
      begin_variant: {
        Args: {
          p_session_id: string;
          p_message_id: string;
          p_reply_id: string;
          p_history_limit: number;
          p_claim_token: string;
          p_claim_ms: number;
          p_question?: string | null;
          p_related_limit?: number;
        };
        Returns: BegunMessageRows & { done: boolean };
      };
      store_variant: {
        Args: ReplyArgs & { p_message_id: string; p_question: string | null; p_model: string };
        Returns: PairRows;
      };
      choose_variant: {
        Args: { p_session_id: string; p_message_id: string; p_variant: number };
        Returns: PairRows;
      };
      store_late_reply: {
        Args: ReplyArgs & { p_message_id: string; p_model: string };
        Returns: MessageRow;
      };
      extend_late_reply: {
        Args: ReplyArgs & { p_from: number };
        Returns: MessageRow;
      };
      receipts: { Args: { p_session_id: string; p_replies: number }; Returns: ReceiptRow[] };
      search_messages: {
        Args: { p_patterns: string[]; p_limit: number; p_before_at?: string; p_before_id?: string };
        Returns: FoundMessageRow[];
      };
      search_knowledge: { Args: { p_patterns: string[]; p_limit: number }; Returns: KnowledgeRow[] };
      forget: {
        Args: { p_patterns: string[]; p_dreams: string[]; p_reflections: string[]; p_sessions: string[] };
        Returns: number;
      };
      look_back: { Args: { p_from: string; p_until: string }; Returns: LookBackRows };
      search_bin: { Args: { p_patterns: string[]; p_limit: number }; Returns: KnowledgeRow[] };
      move_to_bin: { Args: { p_kind: BinRow["kind"]; p_id: string }; Returns: undefined };
      restore_from_bin: { Args: { p_kind: BinRow["kind"]; p_id: string }; Returns: undefined };
      empty_bins: { Args: { p_days: number | null; p_limit: number }; Returns: number };
      running_reply: { Args: { p_session_id: string }; Returns: RunningReplyRow | null };
      tell_reply: { Args: { p_message_id: string; p_claim_token: string; p_progress: Json }; Returns: boolean };
      told_reply: { Args: { p_claim_token: string; p_within_ms: number }; Returns: Json };
      stop_reply: { Args: { p_message_id: string; p_claim_token: string }; Returns: undefined };
      name_session: { Args: { p_session_id: string; p_title: string }; Returns: boolean };
      begin_summary: {
        Args: { p_session_id: string; p_until: number; p_max: number; p_token: string; p_claim_ms: number };
        Returns: BegunSummaryRows | null;
      };
      finish_summary: {
        Args: { p_session_id: string; p_token: string; p_until: number; p_summary: string | null };
        Returns: undefined;
      };
      fail_summary: { Args: { p_session_id: string; p_token: string }; Returns: undefined };
      count_model_calls: { Args: { p_day: string; p_calls: { id: string; tokens: number }[] }; Returns: number };
      remove_account: { Args: { p_email: string }; Returns: undefined };
      people_to_consolidate: { Args: { p_min_messages: number; p_limit: number }; Returns: string[] };
      begin_consolidation: {
        Args: {
          p_user_id: string;
          p_token: string;
          p_min_messages: number;
          p_max_messages: number;
          p_max_characters: number;
          p_claim_seconds: number;
        };
        Returns: BegunConsolidationRows | null;
      };
      finish_consolidation: {
        Args: {
          p_user_id: string;
          p_token: string;
          p_message_ids: string[];
          p_seen: { id: string; by: number; message_ids: string[] }[];
          p_added: {
            type: PatternRow["type"];
            content: string;
            strength: number;
            message_id: string;
            message_ids: string[];
          }[];
          p_max_patterns: number;
        };
        Returns: FinishedConsolidation;
      };
      abandon_consolidation: {
        Args: { p_user_id: string; p_token: string; p_fruitless: boolean };
        Returns: undefined;
      };
      begin_job: {
        Args: { p_name: string; p_due_at: string; p_token: string; p_lease_seconds: number };
        Returns: boolean;
      };
      end_job: { Args: { p_name: string; p_token: string; p_succeeded: boolean }; Returns: undefined };
      job_state: { Args: { p_name: string }; Returns: JobStateRow | null };
      remove_ended_demo: { Args: { p_user_id: string }; Returns: boolean };
      people_with_old_conversations: { Args: { p_days: number | null; p_limit: number }; Returns: string[] };
      remove_old_conversations: {
        Args: { p_user_id: string; p_days: number | null; p_limit: number };
        Returns: number;
      };
    };
  };
}

type BeginMessageArgs = {
  p_session_id: string;
  p_message_id: string;
  p_content: string;
  p_history_limit: number;
  p_claim_token: string;
  p_claim_ms: number;
  p_related_limit?: number;
};

/** The arguments for storing a reply, or the rest of one. */
type ReplyArgs = {
  p_claim_token: string;
  p_reply_id: string;
  p_content: string;
  p_status: MessageRow["status"];
  p_tool_use: { dreams: { id: string; title: string }[]; receipts: { kind: ReceiptRow["kind"]; id: string }[] } | null;
  p_usage: { input: number; output: number; cache_read: number; cache_write: number } | null;
};

/** The result of `begin_message` and `begin_conversation`. */
export interface BegunMessageRows {
  message: MessageRow;
  /** Whether the caller has to answer: false if there is a reply, or if another process is writing it. */
  claimed: boolean;
  /** The reply to it, if there is one. */
  reply: MessageRow | null;
  /** The messages before it, oldest first. */
  history: MessageRow[];
  /** Older items that share words with it, best first; null when the search failed. */
  related: RelatedRow[] | null;
  /** The session, with the title that its first message gave it. */
  session: SessionRow;
}

/** An older reflection, dream or message that shares words with a message. */
export interface RelatedRow {
  kind: "reflection" | "dream" | "message";
  id: string;
  session_id: string | null;
  /** The tone of a reflection, the title of a dream, or of the conversation of a message. */
  title: string | null;
  content: string | null;
  /** Of a dream. */
  status: string | null;
  at: string;
  /** The words of the message that it contains. */
  words: string[];
}

/** A row of `receipts`: an item that a reply of a session drew on. */
export interface ReceiptRow {
  kind: "dream" | "reflection" | "pattern" | "conversation" | "message";
  id: string;
  title: string | null;
  /** Of a dream. */
  status: Row<Tables["dreams"]>["status"] | null;
  at: string;
  /** The conversation, also of a message. */
  session_id: string | null;
}

/** The result of `store_variant` and `choose_variant`: a message and its chosen reply, after the call. */
export interface PairRows {
  message: MessageRow;
  reply: MessageRow;
}

/** The result of `begin_resume`. */
export interface BegunResumeRows {
  /** The reply to continue; null when the session ends with another message. */
  reply: MessageRow | null;
  /** Whether the caller has to continue: false if the reply is complete, or if another process is continuing it. */
  claimed: boolean;
  /** The last messages, oldest first, including the reply. */
  history: MessageRow[];
  session: SessionRow;
}

/** The result of `begin_summary`: the summary so far, and the messages to add to it, oldest first. */
export interface BegunSummaryRows {
  summary: string | null;
  summarised: number;
  messages: MessageRow[];
}

/** The result of `search_messages`, newest first. */
export type FoundMessageRow = Pick<MessageRow, "id" | "session_id" | "role" | "content" | "created_at"> & {
  session_title: SessionRow["title"];
  session_status: SessionRow["status"];
};

/** A row of `search_knowledge` and `search_bin`. The columns of the session are null unless the kind is `conversation`. */
export interface KnowledgeRow {
  kind: "pattern" | "dream" | "reflection" | "conversation";
  id: string;
  content: string;
  at: string;
  session_title: string | null;
  session_message_count: number | null;
}

/** The result of `look_back`. */
export interface LookBackRows {
  came_back: Pick<PatternRow, "id" | "content" | "type" | "created_at">[];
  dreams: (Pick<DreamRow, "id" | "title"> & { change: "begun" | "achieved" | "released"; at: string })[];
  /** The most frequent first. */
  tones: { before: string[]; now: string[] };
  quiet: Pick<DreamRow, "id" | "title" | "updated_at">[];
}

/** The result of `running_reply`: the message that is being answered, and the reply if it is being continued. */
export interface RunningReplyRow {
  message_id: string;
  claim_token: string;
  reply_id: string | null;
}

/** The result of `begin_consolidation`: messages oldest first, patterns strongest first. */
export interface BegunConsolidationRows {
  messages: Pick<MessageRow, "id" | "content">[];
  patterns: Pick<PatternRow, "id" | "type" | "content">[];
}

/** The result of `finish_consolidation`: how many of each. */
export interface FinishedConsolidation {
  messages: number;
  strengthened: number;
  added: number;
  decayed: number;
  dropped: number;
}

/** The result of `job_state`; null if it has never happened. */
export interface JobStateRow {
  succeeded_at: string | null;
  failed_at: string | null;
}

export type UserRow = Row<Tables["users"]>;
export type DreamRow = Row<Tables["dreams"]>;
export type SessionRow = Row<Tables["clarify_sessions"]>;
export type MessageRow = Row<Tables["clarify_messages"]>;
export type PatternRow = Row<Tables["clarify_patterns"]>;
export type ReflectionRow = Row<Tables["reflections"]>;
export type BinRow = Row<Tables["bin"]>;
