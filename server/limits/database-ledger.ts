import type { UserDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import type { TokenLedger } from "./token-budget";

/** A message waits for it before the model is called. */
const TIMEOUT_MS = 5_000;

/** The person's token count in the database that all processes share. */
export function createDatabaseLedger(database: UserDatabase): TokenLedger {
  return {
    async add(day, calls) {
      const query = database.rpc("count_model_calls", { p_day: day, p_calls: [...calls] });
      return unwrap(await query.abortSignal(AbortSignal.timeout(TIMEOUT_MS)));
    },
  };
}
