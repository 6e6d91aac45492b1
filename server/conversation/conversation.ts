import type { BackgroundRunner, Cache } from "@/server/cache";
import type { ClarifyContext } from "@/server/clarify/context";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import type { Clock } from "@/server/clock";
import type { UserDatabase } from "@/server/database/client";
import { createDream } from "@/server/dreams/create-dream";
import type { NewDream } from "@/server/dreams/dream";
import type { Admission, MessageLimiter } from "@/server/limits/message-limiter";
import { MessageLimitError } from "@/server/limits/message-limiter";
import type { Logger } from "@/server/observability/logger";
import { createConversationStore } from "./conversation-store";
import type { ReplyEvent } from "./events";
import { prewarmPrompt } from "./prewarm";
import { CLAIM_MS, replyToMessage } from "./reply";
import { resumeReply } from "./resume";
import type { RunningReplies } from "./running-replies";
import type { Voice } from "./voice";

export interface ConversationServices {
  user: { id: string };
  /** Acts as this person. */
  database: UserDatabase;
  cache: Cache;
  voice: Voice;
  replies: RunningReplies;
  limiter: MessageLimiter;
  background: BackgroundRunner;
  clock: Clock;
  logger: Logger;
  buildContext(): Promise<ClarifyContext>;
}

/** What can be done in one conversation of one person. */
export interface Conversation {
  /**
   * Stores a message and streams its reply; sending it again never stores or answers twice.
   * @throws {VoiceError | DatabaseError | MessageLimitError}
   */
  send(message: { id: string; content: string }, signal: AbortSignal): AsyncGenerator<ReplyEvent>;
  /**
   * Goes on with the last reply where it ended early.
   * @throws {VoiceError | DatabaseError | NothingToResumeError}
   */
  resume(replyId: string, signal: AbortSignal): AsyncGenerator<ReplyEvent>;
  /**
   * Has the next message's prompt kept by the model's provider; says whether it is.
   * @throws {VoiceError | DatabaseError}
   */
  prewarm(): Promise<boolean>;
}

export function openConversation(sessionId: string, services: ConversationServices): Conversation {
  const { user, database, cache, voice, replies, limiter, background, clock, logger, buildContext } = services;
  const store = createConversationStore(database);
  const outdated = keysOutdatedBy("message", user.id);
  const shared = {
    voice,
    logger,
    buildContext,
    createDream: (dream: NewDream) => createDream({ user, cache, database: () => database }, { ...dream, sessionId }),
  };

  // A stored message outdates a section: loaded again at once, the next message finds all of them.
  const warmContext = () =>
    background.run("warm the context for the next message", async () => {
      await buildContext();
    });

  return {
    send({ id, content }, signal) {
      let admission: Promise<Admission> | undefined;
      const reply = replyToMessage({
        ...shared,
        clock,
        // The limiter is asked beside the fence, which the message waits for anyway.
        beginMessage() {
          admission ??= limiter.take(user.id);
          return cache.write(outdated, async (deadline) => {
            const answer = await admission;
            if (answer?.admitted === false) throw new MessageLimitError(answer.retryAfterMs);
            return store.begin({ sessionId, id, content, claimMs: CLAIM_MS }, deadline);
          });
        },
        holdClaim: (held) => store.holdClaim(id, held ? CLAIM_MS : 0),
        async storeReply(draft) {
          const row = { ...draft, sessionId, userId: user.id };
          const message = await cache.write(outdated, (deadline) => store.storeReply(row, deadline));
          warmContext();
          return message;
        },
      });
      return replies.listen(`${user.id}:${id}`, reply, signal);
    },

    resume(replyId, signal) {
      const reply = resumeReply(replyId, {
        ...shared,
        recentMessages: () => store.recent(sessionId),
        extendReply: (beginning, rest) =>
          cache.write(outdated, (deadline) => store.extendReply(beginning, rest, deadline)),
      });
      return replies.listen(`${user.id}:resume:${replyId}`, reply, signal);
    },

    async prewarm() {
      if (voice.warm === undefined) return false;
      const [context, recent] = await Promise.all([buildContext(), store.recent(sessionId)]);
      return prewarmPrompt({ sessionId, context, recent, voice, cache });
    },
  };
}
