import { z } from "zod";

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),

  SUPABASE_URL: z.string().url(),
  SUPABASE_PUBLISHABLE_KEY: z.string(),
  SUPABASE_JWT_SECRET: z.string().min(32).optional(),
  SUPABASE_SECRET_KEY: z.string().optional(),

  UPSTASH_REDIS_REST_URL: z.string().url().optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),

  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: z.string().url().optional(),
  ANTHROPIC_MODEL: z.string().default("claude-sonnet-5-5"),

  PROMPT_PREWARM: z.enum(["on", "off"]).default("on"),
  MESSAGES_PER_MINUTE: z.coerce.number().int().min(1).default(10),

  WEBHOOK_SECRET: z.string().min(16).optional(),
  CRON_SECRET: z.string().min(16).optional(),

  DEMO_EMAIL: z.string().email().optional(),
  DEMO_PASSWORD: z.string().optional(),
});

export type Env = z.infer<typeof schema>;

/** Each is of no use without the other. */
const PAIRS = [
  ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"],
  ["DEMO_EMAIL", "DEMO_PASSWORD"],
] as const;

/** Every bad or missing variable, named in one message; the values themselves are never part of it. */
export class EnvironmentError extends Error {
  override name = "EnvironmentError";
}

/**
 * Validates the environment once, where a process starts. The only reader of `process.env`. An empty variable counts as
 * not set.
 * @throws {EnvironmentError} naming every variable that is missing or malformed.
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const set = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const result = schema.safeParse(set);
  const problems = [
    ...(result.error?.issues ?? []).map(describeIssue),
    ...PAIRS.flatMap((pair) => missingHalf(pair, set)),
  ];
  if (result.success && problems.length === 0) return result.data;
  throw new EnvironmentError(
    ["The environment is not usable:", ...problems.map((problem) => `  ${problem}`), "See .env.example."].join("\n"),
  );
}

function describeIssue({ path, message }: z.ZodIssue): string {
  return `${path.join(".")}: ${message === "Required" ? "is required" : message}`;
}

function missingHalf([left, right]: (typeof PAIRS)[number], set: Record<string, unknown>): string[] {
  if (left in set === right in set) return [];
  const [present, absent] = left in set ? [left, right] : [right, left];
  return [`${absent}: is required because ${present} is set`];
}
