import { z } from "zod";
import type { ScriptRunner } from "@/server/cache";
import { defineScript } from "@/server/cache";
import { storedReceipts } from "@/server/receipts/stored-receipts";
import type { ReplyToStore } from "./conversation-store";

/** Holds finished replies that the database did not accept, for any process that can store them. */
export interface UnsavedReplies {
  keep(reply: ReplyToStore): Promise<void>;
  /** The reply to a message that is held there; null if there is none, or while that is not known. */
  find(messageId: string): Promise<ReplyToStore | null>;
  forget(messageId: string): Promise<void>;
}

/**
 * Long enough for an outage that a person has to end. After that the reply is lost when the process that wrote it ends.
 */
const KEPT_MS = 24 * 60 * 60_000;

const usage = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadTokens: z.number(),
  cacheWriteTokens: z.number(),
});
const replyToStore = z.object({
  id: z.string(),
  replyTo: z.string(),
  content: z.string(),
  status: z.enum(["complete", "interrupted", "failed", "refused"]),
  model: z.string(),
  dreams: z.array(z.object({ id: z.string(), title: z.string() })),
  receipts: storedReceipts,
  usage: usage.nullable(),
});

/** The form of a reply in Redis. */
const keptReply = z
  .string()
  .transform((text, { addIssue }): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      addIssue("is not JSON");
      return z.NEVER;
    }
  })
  .pipe(replyToStore);

/** KEYS: the reply. ARGV: its text, how long it is kept in milliseconds. */
const KEEP = defineScript(`
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`);
/** KEYS: the reply. */
const FIND = defineScript(`return redis.call('GET', KEYS[1])`);
/** KEYS: the reply. */
const FORGET = defineScript(`return redis.call('DEL', KEYS[1])`);

/** Opens the replies of one person. */
export type OpenUnsavedReplies = (userId: string) => UnsavedReplies;

/** Keeps unsaved replies in the Redis that all processes share. */
export function createRedisUnsaved(scripts: Pick<ScriptRunner, "run">): OpenUnsavedReplies {
  return (userId) => {
    const keys = (messageId: string) => [`unsaved:{${userId}}:${messageId}`];
    return {
      async keep(reply) {
        await scripts.run({ script: KEEP, keys: keys(reply.replyTo), args: [JSON.stringify(reply), KEPT_MS] });
      },

      async find(messageId) {
        // A Redis that fails, or that holds another value there, must not keep a message from being answered.
        const kept = await scripts.run({ script: FIND, keys: keys(messageId), args: [] }).catch(() => null);
        return keptReply.safeParse(kept).data ?? null;
      },

      async forget(messageId) {
        await scripts.run({ script: FORGET, keys: keys(messageId), args: [] });
      },
    };
  };
}

/** For processes that share no Redis: a reply waits only in the process that wrote it. */
export const nowhere: OpenUnsavedReplies = () => ({
  keep: async () => undefined,
  find: async () => null,
  forget: async () => undefined,
});
