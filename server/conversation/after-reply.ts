import type { BackgroundRunner, Cache } from "@/server/cache";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import type { ClarifyContext } from "@/server/clarify/sections";
import type { Logger } from "@/server/telemetry/logger";
import type { TokenCounter } from "@/server/tokens/token-counter";
import type { BegunMessage, ConversationStore, RecentMessages } from "./conversation-store";
import { HISTORY_LIMIT, historyWindow, leftBefore } from "./history";
import type { KeptHistory } from "./kept-history";
import type { ConversationMetrics } from "./metrics";
import { keepSummary } from "./running-summary";
import { giveTitle, isTimeForTitle } from "./title";
import type { Voice } from "./voice";

export interface AfterReplyDependencies {
  userId: string;
  sessionId: string;
  voice: Voice;
  store: ConversationStore;
  cache: Cache;
  history: Pick<KeptHistory, "keep">;
  /** Whether the person has tokens left today. */
  hasTokens(): Promise<boolean>;
  tokens: TokenCounter;
  metrics: ConversationMetrics;
  background: BackgroundRunner;
  logger: Logger;
  buildContext(): Promise<ClarifyContext>;
}

/** What is done in the background when a conversation has changed. Nobody waits for it. */
export interface AfterReply {
  /** Loads what a stored message outdated, so that the next message finds all sections in the cache. */
  warmContext(): void;
  /**
   * Prepares the next message, after a stored reply: with a summary, and by keeping the conversation, so that the model can
   * be called while that message is being stored. Every message needs the context, so that comes first.
   * @param related what was related to this message; null if it is not known. Where it had related items, the next one
   *   probably has some as well, and a call without them would be paid for in vain, so the conversation is not kept.
   */
  prepareNext(conversation: RecentMessages, related: BegunMessage["related"]): void;
  /** Names the conversation, after a stored reply, if its second exchange is complete by it. */
  nameConversation(conversation: RecentMessages): void;
}

export function createAfterReply({
  userId,
  sessionId,
  voice,
  store,
  cache,
  history,
  hasTokens,
  tokens,
  metrics,
  background,
  logger,
  buildContext,
}: AfterReplyDependencies): AfterReply {
  /** Settles when the latest build has ended. */
  let warmed: Promise<unknown> = Promise.resolve();

  function warmContext(): void {
    warmed = buildContext();
    background.run("warm the context for the next message", async () => {
      await warmed;
    });
  }

  /** Summarises the messages that the next prompt leaves out. */
  async function summariseBefore({ messages, total, summary }: RecentMessages): Promise<void> {
    const { summarise } = voice;
    if (summarise === undefined) return;
    const recent = messages.slice(-HISTORY_LIMIT);
    const window = historyWindow(recent, total, tokens.countMessage);
    // The last message and its answer are excluded, because both can still be replaced.
    const until = Math.min(leftBefore(window, recent, total), total - 2);
    if (until <= (summary?.messages ?? 0)) return;
    await keepSummary({ sessionId, until, store, summarise, admitted: hasTokens, metrics, logger });
  }

  return {
    warmContext,

    prepareNext(conversation, related) {
      background.run("prepare the next message", async () => {
        await summariseBefore(conversation);
        await warmed;
        if (related?.length === 0) await history.keep();
      });
    },

    nameConversation({ messages, total }) {
      const { title, kind } = voice;
      if (title === undefined || messages.length < total || !isTimeForTitle(messages)) return;
      background.run("name a conversation", () =>
        giveTitle({
          messages: [...messages],
          title,
          async store(named) {
            // Outside a fence, because nobody waits to see it, and a name that is kept must leave the context warm.
            if (!(await store.nameSession({ sessionId, title: named }))) return;
            await cache.invalidate(keysOutdatedBy("sessionChanged", userId));
            warmContext();
          },
          admitted: async () => kind === "offline" || (await hasTokens()),
          metrics,
          logger,
        }),
      );
    },
  };
}
