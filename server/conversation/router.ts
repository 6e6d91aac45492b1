import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { isDemoCopy } from "@/server/auth/demo-copy";
import { clarifyContext } from "@/server/clarify/router";
import { FIELD_LIMITS } from "@/server/field-limits";
import { pageFields, text, timeZone, uuid } from "@/server/input";
import type { TokenBudget } from "@/server/limits/token-budget";
import { asPartOfThis } from "@/server/telemetry/request-scope";
import type { SignedInContext } from "@/server/trpc/context";
import { NOT_FOUND, notFound, publicMessage, toPublicError } from "@/server/trpc/errors";
import { router, signedInProcedure } from "@/server/trpc/init";
import type { Conversation, ConversationServices } from "./conversation";
import { openConversation } from "./conversation";
import { createConversationStore } from "./conversation-store";
import type { ReplyEvent } from "./events";
import { ReplyFailedError } from "./reply-failed";
import { isVoiceError } from "./voice";

declare module "@/server/trpc/context" {
  interface Services
    extends Pick<
      ConversationServices,
      | "voice"
      | "wrote"
      | "limiter"
      | "tokenBudget"
      | "replySlots"
      | "followSlots"
      | "replies"
      | "replyRelay"
      | "openUnsavedReplies"
    > {
    /** For copies of the demo. */
    demoTokenBudget: TokenBudget;
    /** Whether prompts may be sent to the provider ahead of their message. */
    prewarm: boolean;
  }
}

const bySession = z.object({ sessionId: uuid }).strict();
const lastMessage = { messageId: uuid, replyId: uuid, timeZone };

export const messagesRouter = router({
  voice: signedInProcedure
    .meta({ description: "The author of replies: the language `model`, or the `offline` voice." })
    .query(({ ctx }) => ctx.services.voice.kind),

  list: signedInProcedure
    .meta({ description: "A page of a session's messages, oldest first; the cursor leads to older ones." })
    .input(bySession.extend(pageFields))
    .query(async ({ ctx, input }) => {
      try {
        return await createConversationStore(ctx.database()).list(input);
      } catch (error) {
        throw sessionError(error);
      }
    }),

  summary: signedInProcedure
    .meta({
      description:
        "The summary of a session's first messages, which the prompt no longer contains; null while it contains all messages.",
    })
    .input(bySession)
    .query(async ({ ctx, input }) => {
      try {
        return await createConversationStore(ctx.database()).summary(input.sessionId);
      } catch (error) {
        throw sessionError(error);
      }
    }),

  send: signedInProcedure
    .meta({
      description:
        "Stores the message and streams the reply. The client makes the id, so sending again never stores twice. With `opens`, the message is the first of a conversation whose id the client made, and which is stored with it.",
    })
    .input(
      bySession.extend({
        id: uuid,
        content: text("A message", FIELD_LIMITS.message),
        opens: z.object({ offRecord: z.boolean() }).strict().nullable().default(null),
        timeZone,
      }),
    )
    .mutation(({ ctx, input: { sessionId, ...message }, signal }) =>
      withPublicErrors(ctx, conversation(ctx, sessionId).send(message, signal ?? NEVER)),
    ),

  resume: signedInProcedure
    .meta({ description: "Continues the last reply from where it ended early: the same events as `send`." })
    .input(bySession.extend({ replyId: uuid, timeZone }))
    .mutation(({ ctx, input: { sessionId, replyId, timeZone }, signal }) =>
      withPublicErrors(ctx, conversation(ctx, sessionId).resume({ id: replyId, timeZone }, signal ?? NEVER)),
    ),

  regenerate: signedInProcedure
    .meta({
      description:
        "Another answer to a session's last message: the same events as `send`. It is chosen when it is stored, and the previous one is kept. The client makes the reply's id, so asking again never pays twice.",
    })
    .input(bySession.extend(lastMessage))
    .mutation(({ ctx, input: { sessionId, messageId, ...again }, signal }) =>
      withPublicErrors(
        ctx,
        conversation(ctx, sessionId).answerAgain({ id: messageId, content: null, ...again }, signal ?? NEVER),
      ),
    ),

  edit: signedInProcedure
    .meta({
      description:
        "Rewords a session's last message, and answers it again: the same events as `send`. The previous message and answer are kept, and can be chosen again.",
    })
    .input(bySession.extend({ ...lastMessage, content: text("A message", FIELD_LIMITS.message) }))
    .mutation(({ ctx, input: { sessionId, messageId, ...again }, signal }) =>
      withPublicErrors(ctx, conversation(ctx, sessionId).answerAgain({ id: messageId, ...again }, signal ?? NEVER)),
    ),

  choose: signedInProcedure
    .meta({
      description:
        "Chooses one of the answers to a session's last message, with the words that it answered. Later prompts contain that one.",
    })
    .input(bySession.extend({ messageId: uuid, variant: z.number().int().min(1).max(100_000) }))
    .mutation(async ({ ctx, input: { sessionId, ...choice } }) => {
      try {
        return await conversation(ctx, sessionId).choose(choice);
      } catch (error) {
        throw sessionError(error);
      }
    }),

  follow: signedInProcedure
    .meta({
      description:
        "The reply that any process is writing to this message, or the continuation of this reply: the text so far, then the rest as it arrives.",
    })
    .input(bySession.extend({ messageId: uuid }))
    .query(({ ctx, input: { sessionId, messageId }, signal }) =>
      withPublicErrors(ctx, conversation(ctx, sessionId).follow(messageId, signal ?? NEVER)),
    ),

  stop: signedInProcedure
    .meta({
      description:
        "Stops the reply that any process is writing in a session. Answers when the text so far is stored and the session accepts the next message.",
    })
    .input(bySession.extend({ messageId: uuid.optional() }))
    .mutation(async ({ ctx, input: { sessionId, messageId } }) => {
      try {
        await conversation(ctx, sessionId).stop(messageId);
      } catch (error) {
        throw sessionError(error);
      }
    }),

  prewarm: signedInProcedure
    .meta({
      description:
        "Sends the next message's prompt to the provider's cache while the person is typing. `isNew`: the conversation will be stored with that message.",
    })
    .input(bySession.extend({ isNew: z.boolean().default(false) }))
    .mutation(async ({ ctx, input }) => {
      if (!ctx.services.prewarm) return { warm: false };
      try {
        return { warm: await conversation(ctx, input.sessionId).prewarm(input) };
      } catch (error) {
        if (!isVoiceError(error)) throw sessionError(error);
        // Prewarming only saves time. If the model is unavailable, sending the message reports it.
        ctx.logger.warn({ code: error.code }, "prompt not warmed");
        return { warm: false };
      }
    }),
});

const NEVER = new AbortController().signal;

function conversation(ctx: SignedInContext, sessionId: string): Conversation {
  return openConversation(sessionId, {
    ...ctx.services,
    tokenBudget: isDemoCopy(ctx.user.email) ? ctx.services.demoTokenBudget : ctx.services.tokenBudget,
    user: ctx.user,
    database: ctx.database(),
    logger: ctx.logger.child({ part: "conversation" }),
    buildContext: () => clarifyContext.build(ctx, { sessionId }),
  });
}

/** The events of a reply. Failures become public errors, and unexpected ones are logged. */
function withPublicErrors(ctx: SignedInContext, events: AsyncGenerator<ReplyEvent>): AsyncGenerator<ReplyEvent> {
  const report = asPartOfThis((err: unknown) => ctx.logger.error({ err }, "reply failed"));
  return publicEvents(events, report);
}

async function* publicEvents(
  events: AsyncGenerator<ReplyEvent>,
  report: (error: unknown) => void,
): AsyncGenerator<ReplyEvent> {
  try {
    yield* events;
  } catch (error) {
    const failure = sessionError(isVoiceError(error) ? new ReplyFailedError(error) : error);
    if (failure.code !== "INTERNAL_SERVER_ERROR") throw failure;
    report(error);
    throw new TRPCError({ code: failure.code, message: publicMessage(failure) });
  }
}

/** In these procedures NOT_FOUND always means the conversation. */
function sessionError(error: unknown): TRPCError {
  const failure = toPublicError(error);
  return failure.code === "NOT_FOUND" ? notFound(NOT_FOUND.session, error) : failure;
}
