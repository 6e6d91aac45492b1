import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { createConversationStore } from "@/server/conversation/conversation-store";
import type { ReplyEvent } from "@/server/conversation/events";
import { replyToMessage } from "@/server/conversation/reply";
import type { VoiceErrorCode } from "@/server/conversation/voice";
import { VoiceError } from "@/server/conversation/voice";
import { cursorSchema } from "@/server/database/keyset";
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
          content: z
            .string()
            .refine((text) => text.trim() !== "", "A message needs at least one character")
            .refine((text) => text.length <= MESSAGE_LIMIT, `A message can have at most ${MESSAGE_LIMIT} characters`),
        })
        .strict(),
    )
    .mutation(async function* ({ ctx, input, signal }): AsyncGenerator<ReplyEvent> {
      const { cache, user } = ctx;
      const store = createConversationStore(ctx.database());
      const context = createContextCaller(ctx);
      const outdated = keysOutdatedBy("message", user.id);
      const buildContext = () => context.get({ sessionId: input.sessionId });
      try {
        yield* replyToMessage({
          buildContext,
          beginMessage: () => cache.write(outdated, (deadline) => store.begin(input, deadline)),
          storeReply: async (reply) => {
            const message = await cache.write(outdated, (deadline) =>
              store.storeReply({ ...reply, sessionId: input.sessionId, userId: user.id }, deadline),
            );
            ctx.services.background.run(
              "warm the context for the next message",
              async () => void (await buildContext()),
            );
            return message;
          },
          voice: ctx.services.voice,
          background: ctx.services.background,
          logger: ctx.logger,
          signal: signal ?? new AbortController().signal,
        });
      } catch (error) {
        throw error instanceof VoiceError ? replyFailed(error) : sessionError(error);
      }
    }),
});

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
