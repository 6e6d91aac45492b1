import type { WriteKind } from "@/server/clarify/invalidation";
import { keysOutdatedBy } from "@/server/clarify/invalidation";
import { unwrap } from "@/server/database/errors";
import type { SignedInContext } from "@/server/trpc/context";
import { NOT_FOUND, orNotFound } from "@/server/trpc/errors";

/** What can be removed, and restored from the bin for this many days. */
export const BIN_KINDS = ["pattern", "dream", "reflection", "conversation"] as const;
export const BIN_DAYS = 30;

export type BinKind = (typeof BIN_KINDS)[number];

export interface BinKey {
  kind: BinKind;
  id: string;
}

/** The kind of write that removes or restores an item. */
export const BIN_WRITES: Record<BinKind, WriteKind> = {
  pattern: "pattern",
  dream: "dream",
  reflection: "reflection",
  conversation: "sessionCreatedOrRemoved",
};

const MISSING: Record<BinKind, string> = {
  pattern: NOT_FOUND.pattern,
  dream: NOT_FOUND.dream,
  reflection: NOT_FOUND.reflection,
  conversation: NOT_FOUND.session,
};

/** Moves something of the person's into their bin. @throws {TRPCError} NOT_FOUND */
export async function moveToBin(ctx: SignedInContext, { kind, id }: BinKey): Promise<{ id: string }> {
  const moving = ctx.cache.write(keysOutdatedBy(BIN_WRITES[kind], ctx.user.id), async (deadline) =>
    unwrap(await ctx.database().rpc("move_to_bin", { p_kind: kind, p_id: id }).abortSignal(deadline)),
  );
  await orNotFound(moving, MISSING[kind]);
  return { id };
}
