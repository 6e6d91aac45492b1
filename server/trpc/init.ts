import { initTRPC, TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import type { RequestContext } from "./context";
import { publicMessage, reasonToWait, retryAfterMs, toPublicError } from "./errors";
import { transformer } from "./transport";

/** The description of a procedure in the panel. */
export interface ProcedureMeta {
  description: string;
}

const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    // Proxies close a silent stream after a while, and a model may think for longer than that.
    jsonl: { pingMs: 5_000 },
    transformer,
    errorFormatter({ shape, error, ctx }) {
      const problems = error.cause instanceof ZodError ? error.cause.issues : [];
      const { stack: _stack, ...data } = shape.data;
      // The answers of a batch share this room.
      const room = Math.floor(ERROR_ROOM / (ctx?.calls ?? 1));
      const message = problems.length > 0 ? problems.map(describeProblem).join(" ") : publicMessage(error);
      return {
        ...shape,
        message: shorten(message, room),
        data: {
          ...data,
          fields: fieldProblems(problems, room),
          requestId: ctx?.requestId ?? null,
          retryAfterMs: retryAfterMs(error),
          reason: reasonToWait(error),
        },
      };
    },
  });

/** The longest error message in an answer, in characters, however long the quoted input is. The same for its fields. */
const ERROR_ROOM = 1_200;

/** The problem of each refused field by its path, as many as fit into `room` characters. */
function fieldProblems(problems: ZodError["issues"], room: number): Record<string, string> {
  const fields: Record<string, string> = {};
  let remaining = room;
  for (const { path, message } of problems) {
    const field = path.join(".");
    remaining -= field.length + message.length;
    if (remaining < 0) break;
    fields[field] = `${message}.`;
  }
  return fields;
}

function shorten(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1).toWellFormed()}…`;
}

function describeProblem({ path, message }: ZodError["issues"][number]): string {
  return path.length > 0 ? `${path.join(".")}: ${message}.` : `${message}.`;
}

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/**
 * For signed-in people. The resolver gets a database that acts as the person, and its errors become public errors
 * without internals. One middleware does both, because tRPC copies the context for each middleware.
 */
export const signedInProcedure = t.procedure.use(({ next, ctx, path }) => {
  const { user, services, requestId, justWrote } = ctx;
  if (user === null) throw new TRPCError({ code: "UNAUTHORIZED", message: "Please sign in to continue." });
  return services.requests.run({ requestId, justWrote }, async () => {
    const result = await next({ ctx: { user, database: lazily(() => services.openDatabase(user.accessToken)) } });
    if (result.ok) return result;
    const error = toPublicError(result.error);
    if (error.code !== "INTERNAL_SERVER_ERROR") throw error;
    ctx.logger.error({ path, err: error.cause ?? error }, "procedure failed");
    // The message and the cause must not leave the server: rendering a page prints the errors that reach it.
    throw new TRPCError({ code: error.code, message: publicMessage(error) });
  });
});

/** For operators. Other people get the answer that the procedure does not exist. */
export const operatorProcedure = signedInProcedure.use(({ next, ctx, path }) => {
  if (ctx.services.isOperator(ctx.user)) return next();
  throw new TRPCError({ code: "NOT_FOUND", message: `No procedure found on path "${path}"` });
});

/** A warm read needs no database, so the client is created on first use. */
function lazily<T>(create: () => T): () => T {
  let created: { value: T } | undefined;
  return () => {
    created ??= { value: create() };
    return created.value;
  };
}
