import type { BackgroundRunner, Cache } from "@/server/cache";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import type { ClarifyContext } from "@/server/clarify/sections";
import type { Clock } from "@/server/clock";
import type { UserDatabase } from "@/server/database/client";
import { DatabaseError, isDatabaseError } from "@/server/database/errors";
import { createDream } from "@/server/dreams/create-dream";
import type { ConcurrencyLimit } from "@/server/limits/concurrency";
import { createDatabaseLedger } from "@/server/limits/database-ledger";
import { tooManyFollowers } from "@/server/limits/limit-error";
import type { MessageLimiter } from "@/server/limits/message-limiter";
import type { TokenBudget } from "@/server/limits/token-budget";
import type { Logger } from "@/server/telemetry/logger";
import type { Telemetry } from "@/server/telemetry/telemetry";
import type { TokenCounter } from "@/server/tokens/token-counter";
import { createAdmissions } from "./admission";
import { createAfterReply } from "./after-reply";
import { CLAIM_MS, ClaimLostError } from "./claim";
import type {
  BegunMessage,
  BegunResume,
  NewConversation,
  Pair,
  RecentMessages,
  ReplyToStore,
} from "./conversation-store";
import { createConversationStore } from "./conversation-store";
import { createDatabaseRelay } from "./database-relay";
import type { CreatedDream, Message, ReplyEvent } from "./events";
import { followReply, passOn } from "./follow-reply";
import { keepOnce } from "./keep-once";
import { keptHistory } from "./kept-history";
import { meteredVoice } from "./metered-voice";
import type { ConversationMetrics } from "./metrics";
import { prewarmPrompt } from "./prewarm";
import { withFallback } from "./redis-relay";
import { replyToMessage } from "./reply";
import { createReplyBroadcast } from "./reply-broadcast";
import type { ReplyRelay } from "./reply-relay";
import { resumeReply } from "./resume";
import type { RunningReplies } from "./running-replies";
import { stopReply } from "./stop-reply";
import { storeUntilKept } from "./store-until-kept";
import type { OpenUnsavedReplies } from "./unsaved-replies";
import { NotLastError, RefusedAgainError } from "./variant-errors";
import type { Voice } from "./voice";

export interface ConversationServices {
  user: { id: string; email: string };
  /** Runs its queries as this person. */
  database: UserDatabase;
  cache: Cache;
  voice: Voice;
  replies: RunningReplies;
  /** Connects processes that share a Redis; undefined if they share only the database. */
  replyRelay: ReplyRelay | undefined;
  /** Holds finished replies that the database did not accept. */
  openUnsavedReplies: OpenUnsavedReplies;
  limiter: MessageLimiter;
  /** How many of the model's tokens a person may use in a day. */
  tokenBudget: TokenBudget;
  /** How many replies may be written for a person at the same time. */
  replySlots: ConcurrencyLimit;
  /** How many replies of other processes a person may follow at the same time. Each follower polls. */
  followSlots: ConcurrencyLimit;
  background: BackgroundRunner;
  clock: Clock;
  logger: Logger;
  tokens: TokenCounter;
  telemetry: Telemetry;
  metrics: ConversationMetrics;
  /** Notes that a person has written something. */
  wrote(user: { id: string; email: string }): void;
  buildContext(): Promise<ClarifyContext>;
}

export interface SentMessage {
  id: string;
  content: string;
  /** The conversation that it opens; null if that is stored. */
  opens: NewConversation | null;
  timeZone: string;
}

export interface AnswerAgain {
  /** The id of the message. */
  id: string;
  replyId: string;
  content: string | null;
  timeZone: string;
}

/** The operations on one conversation of one person. */
export interface Conversation {
  /**
   * Stores a message and streams its reply. Sending it again never stores or answers it twice.
   * @throws {VoiceError | DatabaseError | LimitError}
   */
  send(message: SentMessage, signal: AbortSignal): AsyncGenerator<ReplyEvent>;
  /**
   * Continues the last reply from where it ended early.
   * @throws {VoiceError | DatabaseError | LimitError | NothingToResumeError}
   */
  resume(reply: { id: string; timeZone: string }, signal: AbortSignal): AsyncGenerator<ReplyEvent>;
  /**
   * Answers the last message again, with the same or other words, and streams the answer as `send` does. A stored
   * answer is chosen, and the previous message and answer are kept. An answer that fails before its first word, or is
   * refused, changes nothing. Repeating the call with the same `replyId` never stores or pays twice.
   * @param again.content the new words of the message; null if they are unchanged
   * @throws {VoiceError | DatabaseError | LimitError | NotLastError | RefusedAgainError}
   */
  answerAgain(again: AnswerAgain, signal: AbortSignal): AsyncGenerator<ReplyEvent>;
  /**
   * Chooses one of the answers to the last message, by its number.
   * @throws {DatabaseError | NotLastError}
   */
  choose(choice: { messageId: string; variant: number }): Promise<Pair>;
  /**
   * Streams the reply that any process is writing to this message, or the continuation of the reply with this id: the
   * text so far, then the rest as it arrives. Ends with the stored reply, if there is one.
   * @throws {VoiceError | DatabaseError | LimitError}
   */
  follow(id: string, signal: AbortSignal): AsyncGenerator<ReplyEvent>;
  /**
   * Stops the reply that any process is writing; with an id, the one that `follow` would find. When it resolves, the
   * text so far is stored and the conversation accepts the next message.
   * @throws {DatabaseError | NotStoppedError}
   */
  stop(id?: string): Promise<void>;
  /**
   * Sends the next message's prompt to the provider's cache. Returns whether it is cached.
   * @param options.isNew whether the conversation will be stored with that message
   * @throws {VoiceError | DatabaseError}
   */
  prewarm(options: { isNew: boolean }): Promise<boolean>;
}

export function openConversation(sessionId: string, services: ConversationServices): Conversation {
  const {
    user,
    database,
    cache,
    replies,
    replyRelay,
    openUnsavedReplies,
    limiter,
    tokenBudget,
    replySlots,
    followSlots,
    background,
    clock,
    logger,
    tokens,
    telemetry,
    metrics,
    wrote,
    buildContext,
  } = services;
  const store = createConversationStore(database);
  const unsavedReplies = openUnsavedReplies(user.id);
  const ledger = createDatabaseLedger(database);
  const voice = meteredVoice(services.voice, {
    countTokens: tokens.countMessage,
    spend: (usage) => background.run("count the tokens of a call", () => tokenBudget.spend(user.id, ledger, usage)),
  });
  const admissions = createAdmissions({
    userId: user.id,
    limiter,
    tokenBudget,
    ledger,
    replySlots,
    voice,
    store,
    clock,
    logger,
  });
  const outdated = keysOutdatedBy("message", user.id);
  const databaseRelay = createDatabaseRelay(database);
  const relay = replyRelay === undefined ? databaseRelay : withFallback(replyRelay, databaseRelay);
  const history = keptHistory({ userId: user.id, sessionId, cache, store });
  const keyOf = (id: string) => ({ userId: user.id, sessionId, id });
  const shared = {
    voice,
    clock,
    logger,
    tokens,
    telemetry,
    metrics,
    buildContext,
  };

  /** Creates each dream of a reply only once. */
  const dreamsOf = (reply: string) => (known: readonly CreatedDream[]) =>
    keepOnce({
      reply,
      known,
      create: (dream) => createDream({ user, cache, database: () => database }, { ...dream, sessionId }, () => true),
    });

  const after = createAfterReply({
    userId: user.id,
    sessionId,
    voice,
    store,
    cache,
    history,
    hasTokens: admissions.hasTokens,
    tokens,
    metrics,
    background,
    logger,
    buildContext,
  });

  /** The claim on the reply to this message, or on the reply with this id, while any process writes it. */
  async function running(id: string | undefined) {
    const claim = await store.running(sessionId);
    const isMeant = id === undefined || claim?.messageId === id || claim?.replyId === id;
    return isMeant ? claim : null;
  }

  const broadcast = (claimToken: string) => createReplyBroadcast({ relay, claimToken, background, clock, logger });
  const follow = (id: string, signal: AbortSignal) => followReply({ running: () => running(id), relay, clock }, signal);

  /**
   * Stores text of a reply.
   * @throws {DatabaseError | ClaimLostError}
   */
  async function write(words: (deadline: AbortSignal) => Promise<Message>): Promise<Message> {
    const message = await cache.write(outdated, (deadline) => orClaimLost(words(deadline)));
    after.warmContext();
    return message;
  }

  /**
   * Stores a reply that waits. Once it or another reply to its message is stored, or the message is gone, other processes
   * need not find it.
   */
  async function storeLate(reply: ReplyToStore, claimToken: string): Promise<Message> {
    const forget = () => background.run("forget an unsaved reply", () => unsavedReplies.forget(reply.replyTo));
    try {
      const message = await write((deadline) => store.storeLateReply(reply, claimToken, deadline));
      forget();
      return message;
    } catch (error) {
      const messageGone = isDatabaseError(error) && error.code === "not_found";
      if (error instanceof ClaimLostError || messageGone) forget();
      throw error;
    }
  }

  /**
   * Stores the reply that a process finished and could not store; null when there is none, or when it cannot be stored.
   */
  async function storeUnsaved(messageId: string): Promise<Message | null> {
    const waiting = await unsavedReplies.find(messageId);
    if (waiting === null) return null;
    return storeLate(waiting, crypto.randomUUID()).catch((err: unknown) => {
      logger.warn({ err }, "unsaved reply not stored");
      return null;
    });
  }

  return {
    send({ id, content, opens, timeZone }, signal) {
      const admission = admissions.forReply(timeZone);
      const claim = { token: crypto.randomUUID(), ms: CLAIM_MS };
      const others = broadcast(claim.token);
      let asked: BegunMessage | undefined;
      const reply = replyToMessage({
        ...shared,
        timeZone,
        keepDreams: dreamsOf(id),
        async expectConversation() {
          if (opens !== null) return null;
          const [recent] = await Promise.all([history.find(), admission.admit()]);
          // A message that is sent again may be stored and answered.
          if (recent === undefined || recent.messages.some((message) => message.id === id)) return null;
          return { recent, message: { role: "user", content } };
        },
        async beginMessage() {
          await admission.begin();
          const stored = Promise.withResolvers<BegunMessage>();
          const begin = async (deadline: AbortSignal) =>
            stored.resolve(await store.begin({ sessionId, id, content, opens, claim }, deadline));
          // The only write that runs while its fence is being set, so that the model is called a round trip earlier.
          const outdates = opens === null ? outdated : keysOutdatedBy("sessionCreatedOrRemoved", user.id);
          const visible = cache.write(outdates, begin, { waitForFence: false });
          // The reply does not wait for the fence to end, but fails if the write fails.
          visible.catch(stored.reject);
          const [begun, unsaved] = await Promise.all([stored.promise, unsavedReplies.find(id)]);
          wrote(user);
          asked = begun;
          if (begun.claimed) {
            if (unsaved === null) await admission.payFor(id, claim.token);
            others.begin(id);
          }
          return { ...begun, unsaved, visible };
        },
        followWriter: (emit) => passOn(follow(id, NEVER), emit),
        findReply: () => store.findReply(id),
        holdClaim: (held) => store.holdClaim(id, { ...claim, ms: held ? claim.ms : 0 }),
        async storeReply(draft, emit) {
          const message = await storeUntilKept({
            store: () => write((deadline) => store.storeReply(draft, claim.token, deadline)),
            storeLate: () => storeLate(draft, claim.token),
            giveUpClaim: () => store.holdClaim(id, { ...claim, ms: 0 }),
            leaveForOthers: () => unsavedReplies.keep(draft),
            onUnsaved: () => emit({ type: "unsaved" }),
            clock,
            logger,
          });
          if (asked) {
            const conversation = withPair(asked, asked.message, message);
            after.prepareNext(conversation, asked.related);
            after.nameConversation(conversation);
          }
          return message;
        },
      });
      return replies.listen(keyOf(id), admissions.inSlot(others.over(reply)), signal);
    },

    resume({ id: replyId, timeZone }, signal) {
      const admission = admissions.forReply(timeZone);
      const claim = { token: crypto.randomUUID(), ms: CLAIM_MS };
      const others = broadcast(claim.token);
      let asked: BegunResume | undefined;
      const reply = resumeReply({
        ...shared,
        timeZone,
        keepDreams: dreamsOf(replyId),
        // Continuing a reply calls the model as a message does, so the limiter counts it as one.
        async beginResume() {
          await admission.begin();
          const begun = await store.beginResume({ sessionId, replyId, claim });
          asked = begun;
          if (begun.claimed && begun.reply) {
            await admission.payFor(begun.reply.replyTo, claim.token);
            others.begin(begun.reply.replyTo);
          }
          return begun;
        },
        followWriter: (emit) => passOn(follow(replyId, NEVER), emit),
        holdClaim: (messageId, held) => store.holdClaim(messageId, { ...claim, ms: held ? claim.ms : 0 }),
        async extendReply(beginning, rest, emit) {
          const extension = { beginning, rest, claimToken: claim.token };
          const message = await storeUntilKept({
            store: () => write((deadline) => store.extendReply(extension, deadline)),
            storeLate: () => write((deadline) => store.extendLateReply(extension, deadline)),
            giveUpClaim: () => store.holdClaim(beginning.replyTo, { ...claim, ms: 0 }),
            leaveForOthers: async () => undefined,
            onUnsaved: () => emit({ type: "unsaved" }),
            clock,
            logger,
          });
          if (asked) {
            const conversation = { ...asked, messages: [...asked.messages.slice(0, -1), message] };
            after.prepareNext(conversation, null);
            after.nameConversation(conversation);
          }
          return message;
        },
      });
      return replies.listen(keyOf(replyId), admissions.inSlot(others.over(reply)), signal);
    },

    answerAgain({ id, replyId, content, timeZone }, signal) {
      const admission = admissions.forReply(timeZone);
      const claim = { token: crypto.randomUUID(), ms: CLAIM_MS };
      const others = broadcast(claim.token);
      const holdClaim = (held: boolean) => store.holdClaim(id, { ...claim, ms: held ? claim.ms : 0 });
      let asked: BegunMessage | undefined;
      let before: Message | null = null;
      const reply = replyToMessage({
        ...shared,
        voice: {
          ...voice,
          reply: (request) => voice.reply({ ...request, attempt: before?.variant?.of ?? 0 }),
        },
        timeZone,
        keepDreams: dreamsOf(replyId),
        expectConversation: async () => null,
        async beginMessage() {
          await admission.begin();
          const begun = await orNotLast(store.beginVariant({ sessionId, messageId: id, replyId, content, claim }));
          asked = begun;
          before = begun.reply;
          if (begun.claimed) {
            await admission.payFor(id, claim.token);
            others.begin(id);
          }
          const message = content === null ? begun.message : { ...begun.message, content };
          return {
            ...begun,
            message,
            reply: begun.done ? begun.reply : null,
            unsaved: null,
            visible: Promise.resolve(),
          };
        },
        followWriter: (emit) => passOn(follow(id, NEVER), emit),
        async findReply() {
          const found = await store.findReply(id);
          return found?.id === before?.id ? null : found;
        },
        holdClaim,
        async storeReply(draft, emit) {
          if (draft.status === "refused" && before !== null) {
            await holdClaim(false);
            throw new RefusedAgainError();
          }
          const storeUnder = (claimToken: string) =>
            write(async (deadline) => {
              const more = { question: content, claimToken };
              return (await store.storeVariant({ ...draft, id: replyId }, more, deadline)).reply;
            });
          const answer = await storeUntilKept({
            store: () => storeUnder(claim.token),
            async storeLate() {
              const late = { token: crypto.randomUUID(), ms: CLAIM_MS };
              const begun = await orNotLast(
                store.beginVariant({ sessionId, messageId: id, replyId, content, claim: late }),
              );
              if (begun.done && begun.reply !== null) return begun.reply;
              if (!begun.claimed) throw new DatabaseError("busy");
              return storeUnder(late.token).catch(async (error: unknown) => {
                await store
                  .holdClaim(id, { token: late.token, ms: 0 })
                  .catch((err: unknown) => logger.warn({ err }, "claim on a reply not given up"));
                throw error;
              });
            },
            giveUpClaim: () => holdClaim(false),
            leaveForOthers: async () => undefined,
            onUnsaved: () => emit({ type: "unsaved" }),
            clock,
            logger,
          });
          if (asked) {
            const message = { ...asked.message, content: content ?? asked.message.content };
            const conversation = withPair(asked, message, answer);
            after.prepareNext(conversation, asked.related);
            // After a complete answer it has been named before.
            if (before?.status !== "complete") after.nameConversation(conversation);
          }
          return answer;
        },
      });
      return replies.listen(keyOf(id), admissions.inSlot(others.over(reply)), signal);
    },

    async choose(choice) {
      const pair = await cache.write(outdated, (deadline) =>
        orNotLast(store.chooseVariant({ sessionId, ...choice }, deadline)),
      );
      after.warmContext();
      return pair;
    },

    async *follow(id, signal) {
      const here = replies.join(keyOf(id), signal);
      if (here !== undefined) return yield* here;
      if (!followSlots.begin(user.id)) throw tooManyFollowers();
      try {
        yield* follow(id, signal);
      } finally {
        followSlots.end(user.id);
      }
      if (signal.aborted) return;
      const message = (await store.findReply(id)) ?? (await storeUnsaved(id));
      if (message !== null) yield { type: "message", message };
    },

    async stop(id) {
      const here = replies.stop({ userId: user.id, sessionId, id });
      const elsewhere = stopReply({
        running: () => running(id),
        relay,
        endClaim: async ({ messageId, claimToken }) =>
          void (await store.holdClaim(messageId, { token: claimToken, ms: 0 })),
        clock,
      });
      await Promise.all([here, elsewhere]);
    },

    async prewarm({ isNew }) {
      if (voice.promptCache === undefined) return false;
      const [context, recent] = await Promise.all([buildContext(), isNew ? NOTHING_SAID : store.recent(sessionId)]);
      const admitted = async () => (await limiter.take(user.id, "prewarm")).admitted && (await admissions.hasTokens());
      return prewarmPrompt({ sessionId, context, recent, voice, cache, tokens, telemetry, metrics, admitted });
    },
  };
}

/** The conversation with its last message and the answer to that. */
function withPair(
  { history, earlierMessages, summary }: BegunMessage,
  message: Message,
  answer: Message,
): RecentMessages {
  return { messages: [...history, message, answer], total: earlierMessages + 2, summary };
}

const NEVER = new AbortController().signal;

const NOTHING_SAID: RecentMessages = { messages: [], total: 0, summary: null };

/** The conflict that our functions report, as opposed to that of a row whose id is in use. */
const OURS = "PT409";

/**
 * Our function reports a conflict only when another process holds the claim. An id that is in use, which a client may
 * have made up, is no lost claim: writing the reply anew would end in the same way, and cost as much each time.
 */
async function orClaimLost<T>(storing: Promise<T>): Promise<T> {
  try {
    return await storing;
  } catch (error) {
    throw isDatabaseError(error) && error.sqlState === OURS ? new ClaimLostError() : error;
  }
}

/** Answering again conflicts only when the message is not the last. */
async function orNotLast<T>(answering: Promise<T>): Promise<T> {
  try {
    return await answering;
  } catch (error) {
    throw isDatabaseError(error) && error.code === "conflict" ? new NotLastError() : error;
  }
}
