import type { DemoAccount } from "@/server/auth/demo-copy";

export interface BannerFacts {
  url: string;
  /** Null when the database is not the embedded one. */
  embedded: { dataDir: string; demo: DemoAccount | null } | null;
  /** The variable that names the Redis; null when the cache is in process. */
  redis: "UPSTASH_REDIS_REST_URL" | "REDIS_URL" | null;
  model: boolean;
}

/** The text printed when the app runs: its address, the demo account, and which parts are embedded. */
export function renderBanner({ url, embedded, redis, model }: BannerFacts): string {
  const lines = ["", `  Clarify runs at ${url}`];
  if (embedded?.demo) lines.push(`  Demo account:   ${embedded.demo.email} · ${embedded.demo.password}`);
  lines.push(
    "",
    embedded
      ? part("Database", `embedded, data in ${embedded.dataDir}`, "SUPABASE_URL")
      : part("Database", "Supabase, as SUPABASE_URL names it"),
    redis
      ? part("Cache", `Redis, as ${redis} names it`)
      : part("Cache", "in this process", "UPSTASH_REDIS_REST_URL or REDIS_URL"),
    model ? part("Replies", "an Anthropic model") : part("Replies", "the offline voice", "ANTHROPIC_API_KEY"),
    "",
    "  Ctrl-C stops it.",
    "",
  );
  return lines.join("\n");
}

function part(name: string, what: string, variable?: string): string {
  return `  ${name.padEnd(10)}${what}${variable ? ` (set ${variable} to replace it)` : ""}`;
}
