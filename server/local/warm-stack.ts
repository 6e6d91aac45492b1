import { randomUUID } from "node:crypto";
import { signAccessToken } from "@/server/auth/access-token";
import { systemClock } from "@/server/clock";
import { openUserDatabase } from "@/server/database/client";
import type { StackKeys } from "./keys";

const TABLES = ["users", "dreams", "clarify_patterns", "clarify_sessions", "clarify_messages", "reflections"] as const;
/** After so many reads of each table, reads hardly become faster. */
const ROUNDS = 12;

/**
 * Reads as nobody from a stack that has just started, so that the first person does not wait for its code and PostgreSQL's
 * to be compiled: its first reads take several times as long as later ones. Meant for the second in which the app's server
 * starts. A read that fails is left out.
 */
export async function warmStack({ url, publishableKey, jwtSecret }: StackKeys & { url: string }): Promise<void> {
  const issuer = new URL("/auth/v1", url).href;
  const accessToken = await signAccessToken({ userId: randomUUID(), issuer, jwtSecret, clock: systemClock });
  const database = openUserDatabase({ url, publishableKey, accessToken });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const table of TABLES) await database.from(table).select().order("id").limit(1);
  }
}
