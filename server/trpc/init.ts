import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { ZodError } from "zod";
import type { RequestContext } from "./context";
import { publicMessage, retryAfterMs, toPublicError } from "./errors";

/** What every procedure says of itself, to whoever calls it by hand in the panel. */
export interface ProcedureMeta {
  description: string;
}

const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    // A proxy cuts what is silent for a while, and a model may think for longer than that.
    jsonl: { pingMs: 5_000 },
    transformer: superjson,
    errorFormatter({ shape, error, ctx }) {
      const problems = error.cause instanceof ZodError ? error.cause.issues : [];
      const { stack: _stack, ...data } = shape.data;
      return {
        ...shape,
        message: problems.length > 0 ? problems.map(describeProblem).join(" ") : publicMessage(error),
        data: {
          ...data,
          fields: Object.fromEntries(problems.map(fieldProblem)),
          requestId: ctx?.requestId ?? null,
          retryAfterMs: retryAfterMs(error),
        },
      };
    },
  });

/** A refused input's path, and why it was refused. */
function fieldProblem({ path, message }: ZodError["issues"][number]): [field: string, message: string] {
  return [path.join("."), `${message}.`];
}

function describeProblem({ path, message }: ZodError["issues"][number]): string {
  return path.length > 0 ? `${path.join(".")}: ${message}.` : `${message}.`;
}

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/**
 * A signed-in person; the resolver gets a database that acts as them. What it throws leaves as a typed error without
 * internals. One middleware for both, because tRPC copies the context for each.
 */
export const signedInProcedure = t.procedure.use(({ next, ctx, path }) => {
  const { user, services, requestId } = ctx;
  if (user === null) throw new TRPCError({ code: "UNAUTHORIZED", message: "Please sign in to continue." });
  return services.requests.run(requestId, async () => {
    const result = await next({ ctx: { user, database: lazily(() => services.openDatabase(user.accessToken)) } });
    if (result.ok) return result;
    const error = toPublicError(result.error);
    if (error.code !== "INTERNAL_SERVER_ERROR") throw error;
    ctx.logger.error({ path, err: error.cause ?? error }, "procedure failed");
    // Its own words and its cause end here: whoever renders the page prints what it is thrown.
    throw new TRPCError({ code: error.code, message: publicMessage(error) });
  });
});

/** An operator. To anybody else there is no such procedure. */
export const operatorProcedure = signedInProcedure.use(({ next, ctx, path }) => {
  if (ctx.services.isOperator(ctx.user)) return next();
  throw new TRPCError({ code: "NOT_FOUND", message: `No procedure found on path "${path}"` });
});

/** A warm read needs no database, so no client is built until somebody asks. */
function lazily<T>(create: () => T): () => T {
  let created: { value: T } | undefined;
  return () => {
    created ??= { value: create() };
    return created.value;
  };
}
