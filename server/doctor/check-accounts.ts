import { z } from "zod";
import type { Env } from "@/server/env";
import type { Finding } from "./finding";
import { failed, ok, skipped, warning } from "./finding";

/** What an auth server says of itself to anybody. */
const settings = z.object({
  disable_signup: z.boolean(),
  mailer_autoconfirm: z.boolean(),
  external: z.record(z.string(), z.boolean()),
});

type AccountSettings = Pick<Env, "SUPABASE_URL" | "SUPABASE_PUBLISHABLE_KEY" | "REGISTRATION" | "OAUTH_PROVIDERS">;

/** Whether the project opens accounts, and signs in, in the ways that the app offers. */
export async function checkAccounts(env: AccountSettings, timeoutMs: number): Promise<Finding> {
  const project = await readSettings(env, timeoutMs);
  if (project === null) return skipped("accounts", "The auth server does not say how accounts are opened.");
  const missing = env.OAUTH_PROVIDERS.filter((provider) => project.external[provider] !== true);
  if (missing.length > 0) {
    return failed("accounts", `OAUTH_PROVIDERS names ${missing.join(", ")}, which the project does not sign in with.`);
  }
  if (env.REGISTRATION === "closed" && !project.disable_signup) {
    return failed(
      "accounts",
      "REGISTRATION is closed, and the project opens accounts for whoever asks it directly. Turn sign-ups off there.",
    );
  }
  if (env.REGISTRATION === "open" && project.disable_signup) {
    return failed("accounts", "The project opens no accounts, and the app offers to. Set REGISTRATION=closed.");
  }
  if (env.REGISTRATION === "open" && project.mailer_autoconfirm) {
    return warning("accounts", "Addresses are not confirmed: anybody opens an account with one that is not theirs.");
  }
  return ok("accounts", "The project opens them, and signs in, as the app offers it.");
}

async function readSettings(env: AccountSettings, timeoutMs: number): Promise<z.infer<typeof settings> | null> {
  try {
    const response = await fetch(new URL("/auth/v1/settings", env.SUPABASE_URL), {
      headers: { apikey: env.SUPABASE_PUBLISHABLE_KEY },
      signal: AbortSignal.timeout(timeoutMs),
      cache: "no-store",
    });
    return settings.parse(await response.json());
  } catch {
    return null;
  }
}
