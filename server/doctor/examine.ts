import { EnvironmentError, readEnv } from "@/server/env";
import { checkAccounts } from "./check-accounts";
import type { Schema } from "./check-database";
import { checkDatabase } from "./check-database";
import { checkModel, checkRedis, checkSettings, checkWebhook } from "./check-services";
import type { Finding } from "./finding";
import { failed, ok } from "./finding";

export interface Examination {
  /** The variables that the app would be started with. */
  environment: Record<string, string | undefined>;
  schema: Schema;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** How long each part may take to answer, in milliseconds. */
  timeoutMs: number;
}

/** What stands for the parts that `npm start` brings along, so that the others can be examined. */
const EMBEDDED = { SUPABASE_URL: "http://localhost", SUPABASE_PUBLISHABLE_KEY: "embedded" };

/** Asks everything that the app depends on whether it can be used, and says what to do where it cannot. Changes nothing. */
export async function examine({ environment, schema, now, timeoutMs }: Examination): Promise<Finding[]> {
  const embedded = !environment.SUPABASE_URL?.trim();
  try {
    const env = readEnv(embedded ? { ...environment, ...EMBEDDED } : environment);
    const parts = await Promise.all([
      embedded
        ? [ok("database", "Embedded: npm start brings it along, and applies the migrations.")]
        : checkDatabase({ env, schema, now, timeoutMs }),
      embedded ? [] : checkAccounts(env, timeoutMs),
      checkRedis(env),
      checkModel(env, timeoutMs),
      checkWebhook(env, timeoutMs),
    ]);
    return [ok("environment", "Every variable is well-formed."), ...parts.flat(), ...checkSettings(env)];
  } catch (error) {
    if (error instanceof EnvironmentError) return [failed("environment", error.message)];
    throw error;
  }
}
