import { createHash } from "node:crypto";
import type { ClarifyContext } from "@/server/clarify/context";
import type { Logger } from "./logger";

export interface BuiltContext {
  userId: string;
  sessionId: string | null;
  context: ClarifyContext;
}

/** One line per build: durations, outcomes, ages and tokens; nothing that the person wrote. */
export function logContextBuilt(logger: Logger, { userId, sessionId, context }: BuiltContext): void {
  if (!logger.isLevelEnabled("info")) return;
  const sections = Object.fromEntries(
    context.sections.map(({ name, source, ageMs, itemsLoaded, itemsIncluded, tokens }) => [
      name,
      { source, ageMs, itemsLoaded, itemsIncluded, tokens },
    ]),
  );
  logger.info(
    { user: hashUserId(userId), sessionId, buildMs: context.buildMs, tokens: context.tokens, sections },
    "context built",
  );
}

/** Tells one person's lines apart without saying who they are. */
function hashUserId(userId: string): string {
  return createHash("sha256").update(userId).digest("base64url").slice(0, 12);
}
