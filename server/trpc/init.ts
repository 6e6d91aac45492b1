import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { ZodError } from "zod";
import type { RequestContext } from "./context";
import { publicMessage, toPublicError } from "./errors";

const t = initTRPC.context<RequestContext>().create({
  transformer: superjson,
  errorFormatter({ shape, error, ctx }) {
    const problems = error.cause instanceof ZodError ? error.cause.issues : [];
    const { stack: _stack, ...data } = shape.data;
    return {
      ...shape,
      message: problems.length > 0 ? problems.map(describeProblem).join(" ") : publicMessage(error),
      data: { ...data, requestId: ctx?.requestId ?? null },
    };
  },
});

function describeProblem({ path, message }: ZodError["issues"][number]): string {
  return path.length > 0 ? `${path.join(".")}: ${message}.` : `${message}.`;
}

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/**
 * A signed-in person; the resolver gets a database that acts as them. What it throws leaves as a typed error without
 * internals. One middleware for both, because a warm context passes it six times.
 */
export const signedInProcedure = t.procedure.use(async ({ next, ctx, path }) => {
  const { user } = ctx;
  if (user === null) throw new TRPCError({ code: "UNAUTHORIZED", message: "Please sign in to continue." });
  const result = await next({
    ctx: { user, database: lazily(() => ctx.services.openDatabase(user.accessToken)) },
  });
  if (result.ok) return result;
  const error = toPublicError(result.error);
  if (error.code === "INTERNAL_SERVER_ERROR") ctx.logger.error({ path, err: error.cause ?? error }, "procedure failed");
  throw error;
});

/** A warm read needs no database, so no client is built until somebody asks. */
function lazily<T>(create: () => T): () => T {
  let created: { value: T } | undefined;
  return () => {
    created ??= { value: create() };
    return created.value;
  };
}
