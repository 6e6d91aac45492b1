import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { isDemoCopy } from "@/server/auth/demo-copy";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { definedOnly } from "@/server/database/changes";
import { isDatabaseError, unwrap } from "@/server/database/errors";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { UserRow } from "@/server/database/types";
import { FIELD_LIMITS } from "@/server/field-limits";
import { text } from "@/server/input";
import type { ConcurrencyLimit } from "@/server/limits/concurrency";
import { createDatabaseLedger } from "@/server/limits/database-ledger";
import type { TokenBudget } from "@/server/limits/token-budget";
import type { SignedInContext } from "@/server/trpc/context";
import { NOT_FOUND, toPublicError, unwrapFound } from "@/server/trpc/errors";
import { router, signedInProcedure } from "@/server/trpc/init";
import { exportAccount } from "./export-account";

declare module "@/server/trpc/context" {
  interface Services {
    /** Limits the exports that this process is writing. */
    exports: ConcurrencyLimit;
    tokenBudget: TokenBudget;
    /** Conversations are removed this many days after their last message. Null where they are kept. */
    retentionDays: number | null;
  }
}

/** The longest that an export may take, in milliseconds. */
const EXPORT_DEADLINE_MS = 10 * 60_000;

const COLUMNS = "name, tier, language, demo_ends_at";

const language = z.string().regex(/^[a-z]{2,3}$/, "A language is given by its code, as `he`");

export const accountRouter = router({
  get: signedInProcedure.meta({ description: "The signed-in person." }).query(async ({ ctx }) => {
    const query = ctx.database().from("users").select(COLUMNS).eq("id", ctx.user.id).single();
    return toAccount(ctx, unwrapFound(await query, NOT_FOUND.account));
  }),

  tokensToday: signedInProcedure
    .meta({
      description:
        "How many of the model's tokens the person has used today, how many they may use, and when the next day begins.",
    })
    .query(({ ctx }) => {
      const { tokenBudget, demoTokenBudget } = ctx.services;
      const budget = isDemoCopy(ctx.user.email) ? demoTokenBudget : tokenBudget;
      return budget.today(ctx.user.id, createDatabaseLedger(ctx.database()));
    }),

  update: signedInProcedure
    .meta({
      description: "Changes the person's name or language. The tier comes from billing and cannot be changed here.",
    })
    .input(
      z
        .object({ name: text("A name", FIELD_LIMITS.accountName).optional(), language: language.optional() })
        .strict()
        .refine((fields) => Object.keys(definedOnly(fields)).length > 0, "Nothing to change was given"),
    )
    .mutation(({ ctx, input }) =>
      ctx.cache.write(keysOutdatedBy("profile", ctx.user.id), async (deadline) => {
        const users = ctx.database().from("users");
        const query = users.update(definedOnly(input)).eq("id", ctx.user.id).select(COLUMNS);
        return toAccount(ctx, unwrapFound(await query.abortSignal(deadline).single(), NOT_FOUND.account));
      }),
    ),

  remove: signedInProcedure
    .meta({
      description:
        "Deletes the account and all data of the person, from the database and from the cache. The e-mail address confirms it. Their access token stays valid for up to an hour, but finds no data.",
    })
    .input(z.object({ email: z.string().max(320) }).strict())
    .mutation(async ({ ctx, input }) => {
      if (ctx.user.email === ctx.services.sharedEmail) {
        throw new TRPCError({ code: "FORBIDDEN", message: "This account is shared and can't be removed." });
      }
      await ctx.cache.write(keysOutdatedBy("accountRemoved", ctx.user.id), async (deadline) => {
        try {
          unwrap(await ctx.database().rpc("remove_account", { p_email: input.email }).abortSignal(deadline));
        } catch (error) {
          throw isDatabaseError(error) && error.code === "invalid" ? wrongEmail(error) : error;
        }
      });
      return { id: ctx.user.id };
    }),

  export: signedInProcedure
    .meta({
      description:
        "Everything that is stored about the person, as the pieces of one JSON document, in order. One export at a time.",
    })
    .query(async function* ({ ctx, signal }) {
      const { exports, clock } = ctx.services;
      if (!exports.begin(ctx.user.id)) {
        throw new TRPCError({ code: "TOO_MANY_REQUESTS", message: "Your copy is already being prepared." });
      }
      try {
        const deadline = AbortSignal.timeout(EXPORT_DEADLINE_MS);
        yield* exportAccount({
          database: ctx.database(),
          user: ctx.user,
          exportedAt: new Date(clock.now()),
          signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        });
      } catch (error) {
        throw toPublicError(error);
      } finally {
        exports.end(ctx.user.id);
      }
    }),
});

function toAccount(ctx: SignedInContext, row: Pick<UserRow, "name" | "tier" | "language" | "demo_ends_at">) {
  const { id, email } = ctx.user;
  const shared = email === ctx.services.sharedEmail;
  return {
    id,
    email,
    name: row.name,
    tier: row.tier,
    /** The code of the chosen language. Null before a choice, and always for the shared account. */
    language: shared ? null : row.language,
    isDemo: shared || row.demo_ends_at !== null,
    /** When a copy of the demo is removed, as an ISO timestamp; null for every other account. */
    demoEndsAt: row.demo_ends_at && toIsoTimestamp(row.demo_ends_at),
    retentionDays: ctx.services.retentionDays,
    isOperator: ctx.services.isOperator(ctx.user),
  };
}

function wrongEmail(cause: unknown): TRPCError {
  return new TRPCError({ code: "BAD_REQUEST", message: "This isn't the e-mail address of your account.", cause });
}
