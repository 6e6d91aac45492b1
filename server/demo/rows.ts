import { createHash } from "node:crypto";
import type { Database, TableName } from "@/server/database/types";
import { dreams } from "./dreams";
import type { DemoDream } from "./life";
import { instant } from "./life";
import { patterns } from "./patterns";
import { reflections } from "./reflections";
import { sessions } from "./sessions";

type Insert<Name extends TableName> = Database["public"]["Tables"][Name]["Insert"];

/** The demo person's data as rows. A list refers only to rows of earlier lists. */
export interface DemoRows {
  dreams: Insert<"dreams">[];
  sessions: Insert<"clarify_sessions">[];
  messages: Insert<"clarify_messages">[];
  replies: Insert<"clarify_messages">[];
  dreamsOutOfSessions: Insert<"dreams">[];
  patterns: Insert<"clarify_patterns">[];
  reflections: Insert<"reflections">[];
}

/** When this person began to use Clarify. */
export const MEMBER_SINCE = { daysAgo: 161, time: "19:00" } as const;

/** The person's rows, with ids derived from the person's id, so that an interrupted seeding can be repeated. */
export function demoRows(userId: string, now: Date): DemoRows {
  const idOf = (kind: string, key: string) => deriveId(`${userId}/${kind}/${key}`);
  const owned = (kind: string, key: string) => ({ id: idOf(kind, key), user_id: userId });

  const dreamRow = (dream: DemoDream): Insert<"dreams"> => {
    const updated = instant(dream.updated, now).toISOString();
    return {
      ...owned("dream", dream.key),
      session_id: dream.session === undefined ? null : idOf("session", dream.session),
      title: dream.title,
      description: dream.description,
      category: dream.category,
      status: dream.status,
      target_date: dream.targetInDays === undefined ? null : dayFrom(now, dream.targetInDays),
      achieved_at: dream.status === "achieved" ? updated : null,
      released_at: dream.status === "released" ? updated : null,
      created_at: instant(dream.created, now).toISOString(),
      updated_at: updated,
    };
  };

  const messages = sessions.flatMap((session) => {
    const began = instant(session.began, now).getTime();
    return session.messages.map(([afterMinutes, content], index): Insert<"clarify_messages"> => {
      const at = new Date(began + afterMinutes * 60_000).toISOString();
      const isReply = index % 2 === 1;
      return {
        ...owned("message", `${session.key}/${index}`),
        session_id: idOf("session", session.key),
        role: isReply ? "assistant" : "user",
        reply_to: isReply ? idOf("message", `${session.key}/${index - 1}`) : null,
        content,
        // The patterns below were found in these messages.
        consolidated_at: instant({ daysAgo: session.began.daysAgo, time: "23:30" }, now).toISOString(),
        created_at: at,
        updated_at: at,
      };
    });
  });

  return {
    dreams: dreams.filter((dream) => dream.session === undefined).map(dreamRow),
    sessions: sessions.map((session) => ({
      ...owned("session", session.key),
      dream_id: session.dream === undefined ? null : idOf("dream", session.dream),
      title: session.title ?? null,
      status: session.status,
      created_at: instant(session.began, now).toISOString(),
    })),
    messages: messages.filter((message) => message.role === "user"),
    replies: messages.filter((message) => message.role === "assistant"),
    dreamsOutOfSessions: dreams.filter((dream) => dream.session !== undefined).map(dreamRow),
    patterns: patterns.map((pattern) => ({
      ...owned("pattern", pattern.key),
      session_id: pattern.session === undefined ? null : idOf("session", pattern.session),
      type: pattern.type,
      content: pattern.content,
      strength: pattern.strength,
      last_seen_at: instant(pattern.lastSeen, now).toISOString(),
      created_at: instant(pattern.firstSeen, now).toISOString(),
      updated_at: instant(pattern.lastSeen, now).toISOString(),
    })),
    reflections: reflections.map((reflection) => {
      const written = instant(reflection.written, now).toISOString();
      return {
        ...owned("reflection", reflection.key),
        dream_id: reflection.dream === undefined ? null : idOf("dream", reflection.dream),
        tone: reflection.tone,
        content: reflection.content,
        created_at: written,
        updated_at: written,
      };
    }),
  };
}

function dayFrom(now: Date, days: number): string {
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** A UUID (version 8, RFC 9562) derived from a name. */
function deriveId(name: string): string {
  const bytes = createHash("sha256").update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
