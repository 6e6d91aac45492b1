import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { createConversationStore } from "@/server/conversation/conversation-store";
import type { ReplyEvent } from "@/server/conversation/events";
import type { ReplyDependencies } from "@/server/conversation/reply";
import { CLAIM_MS, replyToMessage } from "@/server/conversation/reply";
import type { VoiceErrorCode } from "@/server/conversation/voice";
import { VoiceError } from "@/server/conversation/voice";
import { cursorSchema } from "@/server/database/keyset";
import { createDream } from "@/server/dreams/create-dream";
import { text } from "@/server/input";
import type { SignedInContext } from "@/server/trpc/context";
import { notFound, toPublicError } from "@/server/trpc/errors";
import { createCallerFactory, router, signedInProcedure } from "@/server/trpc/init";
import { clarifyContextRouter } from "./clarify-context";
import { SESSION_NOT_FOUND } from "./sessions";

export const MESSAGE_LIMIT = 4_000;

const createContextCaller = createCallerFactory(clarifyContextRouter);

export const messagesRouter = router({
  /** A page of a session's messages, oldest first; the cursor leads to older ones. */
  list: signedInProcedure
    .input(
      z
        .object({
          sessionId: z.string().uuid(),
          cursor: cursorSchema.nullish(),
          limit: z.number().int().min(1).max(100).default(30),
        })
        .strict(),
    )
    .query(async ({ ctx, input }) => {
      try {
        return await createConversationStore(ctx.database()).list(input);
      } catch (error) {
        throw sessionError(error);
      }
    }),

  /** Stores the message and streams the reply. The client makes the id, so sending again never stores twice. */
  send: signedInProcedure
    .input(
      z
        .object({
          sessionId: z.string().uuid(),
          id: z.string().uuid(),
          content: text("A message", MESSAGE_LIMIT),
        })
        .strict(),
    )
    .mutation(async function* ({ ctx, input, signal }): AsyncGenerator<ReplyEvent> {
      const reply = replyToMessage(replyDependencies(ctx, input));
      const listener = signal ?? new AbortController().signal;
      try {
        yield* ctx.services.replies.listen(`${ctx.user.id}:${input.id}`, reply, listener);
      } catch (error) {
        throw error instanceof VoiceError ? replyFailed(error) : sessionError(error);
      }
    }),
});

function replyDependencies(
  ctx: SignedInContext,
  { sessionId, id, content }: { sessionId: string; id: string; content: string },
): ReplyDependencies {
  const { cache, user, logger } = ctx;
  const { voice, clock, background } = ctx.services;
  const store = createConversationStore(ctx.database());
  const outdated = keysOutdatedBy("message", user.id);
  const buildContext = () => createContextCaller(ctx).get({ sessionId });
  return {
    buildContext,
    beginMessage: () =>
      cache.write(outdated, (deadline) => store.begin({ sessionId, id, content, claimMs: CLAIM_MS }, deadline)),
    holdClaim: (held) => store.holdClaim(id, held ? CLAIM_MS : 0),
    async storeReply(reply) {
      const stored = { ...reply, sessionId, userId: user.id };
      const message = await cache.write(outdated, (deadline) => store.storeReply(stored, deadline));
      background.run("warm the context for the next message", async () => void (await buildContext()));
      return message;
    },
    createDream: (dream) => createDream(ctx, { ...dream, sessionId }),
    voice,
    clock,
    logger,
  };
}

/** In a conversation, what cannot be found is the conversation. */
function sessionError(error: unknown): TRPCError {
  const failure = toPublicError(error);
  return failure.code === "NOT_FOUND" ? notFound(SESSION_NOT_FOUND, error) : failure;
}

const VOICE_FAILURES: Record<VoiceErrorCode, { code: TRPCError["code"]; message: string }> = {
  overloaded: {
    code: "SERVICE_UNAVAILABLE",
    message: "The mirror is busy just now. Your message is kept; try again in a moment.",
  },
  rate_limited: {
    code: "TOO_MANY_REQUESTS",
    message: "Too much is being asked of the mirror just now. Your message is kept; try again in a minute.",
  },
  unreachable: {
    code: "SERVICE_UNAVAILABLE",
    message: "The mirror cannot be reached just now. Your message is kept; try again.",
  },
  rejected: {
    code: "BAD_GATEWAY",
    message: "The mirror could not take this conversation. Your message is kept.",
  },
  refused: { code: "BAD_GATEWAY", message: "The mirror would not answer this message. Your message is kept." },
  aborted: { code: "CLIENT_CLOSED_REQUEST", message: "The reply was stopped." },
  broken: { code: "BAD_GATEWAY", message: "The reply broke off before it began. Your message is kept; try again." },
};

function replyFailed(error: VoiceError): TRPCError {
  return new TRPCError({ ...VOICE_FAILURES[error.code], cause: error });
}
