import { createCache } from "@/server/cache";
import type { Env } from "@/server/env";
import { createMetrics } from "@/server/metrics";
import { openRedis } from "@/server/redis";
import { createNoTelemetry } from "@/server/telemetry/telemetry";
import { isEverything } from "@/server/trusted-proxies";
import type { Finding } from "./finding";
import { failed, ok, skipped, warning } from "./finding";

/** Whether the Redis that the environment names can be used as the cache uses it. */
export async function checkRedis(env: Env): Promise<Finding> {
  const redis = openRedis(env, createMetrics(createNoTelemetry().meter));
  if (redis === undefined)
    return warning("redis", "None: the cache is in the process. More than one process needs a Redis.");
  const cache = createCache({ store: redis.store });
  try {
    await cache.ready();
    return ok("redis", "It runs the cache's scripts.");
  } catch (error) {
    return failed("redis", error instanceof Error ? error.message : String(error));
  } finally {
    await cache.close();
  }
}

/** Whether the model can be called. Nothing is charged for asking. */
export async function checkModel(env: Env, timeoutMs: number): Promise<Finding> {
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_MODEL: model, ANTHROPIC_BASE_URL: baseUrl } = env;
  if (apiKey === undefined) return warning("model", "None: the offline voice answers. Set ANTHROPIC_API_KEY.");
  const address = new URL(`/v1/models/${encodeURIComponent(model)}`, baseUrl ?? "https://api.anthropic.com");
  const status = await statusOf(address, {
    headers: { "x-api-key": apiKey, "anthropic-version": "2023-06-01" },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (status === null) return failed("model", `${address.origin} does not answer. Is ANTHROPIC_BASE_URL right?`);
  if (status === 401 || status === 403) return failed("model", "ANTHROPIC_API_KEY is refused.");
  if (status === 404) return failed("model", `ANTHROPIC_MODEL is ${model}, which this account does not have.`);
  if (status >= 400) return warning("model", `It answers ${status} when it is asked for its model.`);
  return ok("model", `${model} can be called.`);
}

/** Whether the database's webhook would be accepted where people reach the app. */
export async function checkWebhook(env: Env, timeoutMs: number): Promise<Finding> {
  const { WEBHOOK_SECRET: secret, APP_URL: appUrl } = env;
  if (secret === undefined) {
    return warning(
      "webhook",
      "Off: what is written outside the app is seen when entries expire. Set WEBHOOK_SECRET and run supabase/webhooks.sql.",
    );
  }
  if (appUrl === undefined) return skipped("webhook", "Set APP_URL to have it tried.");
  const status = await statusOf(new URL("/api/hooks/database", appUrl), {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ type: "INSERT", table: "doctor", schema: "public", record: {}, old_record: null }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (status === null) return failed("webhook", "The app does not answer at APP_URL. Is it running?");
  if (status === 401) return failed("webhook", "The running app has another WEBHOOK_SECRET than this environment.");
  if (status >= 400) return failed("webhook", `The app answers the webhook with ${status}.`);
  return ok(
    "webhook",
    "The app accepts it at APP_URL. Whether the triggers are there only the database knows: supabase/webhooks.sql.",
  );
}

/** What is set in a way that works and is not what one wants in production. */
export function checkSettings(env: Env): Finding[] {
  const findings: Finding[] = [];
  if (env.APP_URL?.startsWith("http:") && new URL(env.APP_URL).hostname !== "localhost") {
    findings.push(warning("address", "APP_URL has no TLS: passwords and sessions travel for anybody to read."));
  }
  findings.push(...checkProxies(env));
  if (env.ANTHROPIC_API_KEY !== undefined && env.SUPABASE_SECRET_KEY === undefined) {
    findings.push(warning("consolidation", "Nothing is learned from conversations: set SUPABASE_SECRET_KEY."));
  }
  if (env.OPERATOR_IDS.length === 0) findings.push(warning("operators", "Nobody sees /insights: set OPERATOR_IDS."));
  return findings;
}

/** Who is believed about the addresses of visitors, by which the sign-in is limited. */
function checkProxies({ TRUSTED_PROXIES, VERCEL }: Env): Finding[] {
  if (VERCEL !== undefined) return [];
  if (TRUSTED_PROXIES.some(isEverything)) {
    return [failed("proxies", "TRUSTED_PROXIES has everybody in it: visitors can make up their addresses.")];
  }
  const named = TRUSTED_PROXIES.length === 0 ? "" : ` and at ${TRUSTED_PROXIES.join(", ")}`;
  return [
    ok(
      "proxies",
      `Visitors' addresses are taken from proxies on this machine${named}. Name any other in TRUSTED_PROXIES.`,
    ),
  ];
}

/** Null when there is no answer. */
async function statusOf(address: URL, init: RequestInit): Promise<number | null> {
  try {
    const response = await fetch(address, { ...init, cache: "no-store" });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}
