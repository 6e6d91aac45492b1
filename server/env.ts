import { z } from "zod";
import { isOAuthProvider, OAUTH_NAMES } from "./auth/oauth";
import { CONTEXT_BUDGET_TOKENS } from "./clarify/context-budget";
import { pricesSchema } from "./insights/prices";
import { isSchedule } from "./jobs/schedule";
import { isRange } from "./trusted-proxies";

/** User ids, separated by commas. */
const userIds = z
  .string()
  .transform((list) => list.split(",").map((id) => id.trim().toLowerCase()))
  .transform((list) => list.filter((id) => id !== ""))
  .pipe(z.array(z.guid("is a list of user ids with commas between them")));

/** The origin of an address: its scheme, host and port. */
const origin = z
  .url()
  .refine((url) => /^https?:/i.test(url), "has to begin with http:// or https://")
  .transform((url) => new URL(url).origin);

/** Origins, separated by commas. */
const origins = z
  .string()
  .transform((list) => list.split(",").map((entry) => entry.trim()))
  .transform((list) => list.filter((entry) => entry !== ""))
  .pipe(z.array(origin));

/** Addresses and networks, separated by commas. */
const ranges = z
  .string()
  .transform((list) => list.split(",").map((entry) => entry.trim()))
  .transform((list) => list.filter((entry) => entry !== ""))
  .pipe(z.array(z.string().refine(isRange, "is a list of IP addresses and networks, such as 10.0.0.0/8")));

/** Names of other services with commas between them. */
const oauthProviders = z
  .string()
  .transform((list) => list.split(",").map((name) => name.trim().toLowerCase()))
  .transform((list) => list.filter((name) => name !== ""))
  .pipe(z.array(z.string().refine(isOAuthProvider, `knows ${Object.keys(OAUTH_NAMES).join(", ")}`)))
  .transform((list) => list.filter(isOAuthProvider));

export const DEFAULT_TOKENS_PER_DAY = 500_000;

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),

  /** Default: the name that Next.js gives the build. */
  BUILD_ID: z
    .string()
    .regex(/^[\w.-]{1,64}$/, "is made of up to 64 letters, digits, dots and dashes")
    .optional(),

  APP_URL: origin.optional(),
  TRUSTED_ORIGINS: origins.prefault(""),
  TRUSTED_PROXIES: ranges.prefault(""),

  SUPABASE_URL: z.url(),
  SUPABASE_PUBLISHABLE_KEY: z.string(),
  SUPABASE_JWT_SECRET: z.string().min(32).optional(),
  SUPABASE_JWT_ISSUER: z.url().optional(),
  SUPABASE_SECRET_KEY: z.string().optional(),

  FORWARD_ADDRESSES: z.enum(["on", "off"]).default("off"),
  REGISTRATION: z.enum(["open", "closed"]).default("open"),
  OAUTH_PROVIDERS: oauthProviders.prefault(""),

  UPSTASH_REDIS_REST_URL: z.url().optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  REDIS_URL: z
    .string()
    .regex(
      /^rediss?(\+cluster|\+sentinel)?:\/\/./,
      "must begin with redis://, redis+cluster:// or redis+sentinel://, or with rediss",
    )
    .optional(),

  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: z.url().optional(),
  ANTHROPIC_MODEL: z.string().default("claude-sonnet-5-5"),

  PROMPT_PREWARM: z.enum(["on", "off"]).default("on"),
  MESSAGES_PER_MINUTE: z.coerce.number().int().min(1).default(10),
  DRAIN_SECONDS: z.coerce.number().int().min(0).max(600).default(30),
  TOKENS_PER_DAY: z.coerce.number().int().min(0).default(DEFAULT_TOKENS_PER_DAY),
  /** A fence and five headings take about 150. More than the maximum costs more than it is worth. */
  CONTEXT_TOKENS: z.coerce.number().int().min(500).max(100_000).default(CONTEXT_BUDGET_TOKENS),
  CONSISTENCY_SAMPLE: z.coerce.number().int().min(0).default(1_000),

  NEAR_CACHE_MB: z.coerce.number().int().min(0).max(4_096).default(32),

  /** When long-lived processes look for patterns. On other platforms a scheduler calls the job. */
  CONSOLIDATION_SCHEDULE: z
    .string()
    .refine((text) => text === "off" || isSchedule(text), "has to be `off` or five fields of cron, such as 0 * * * *")
    .default("0 * * * *"),
  /** Conversations whose last message is older are removed; without it they are kept. */
  RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
  /** Set by Vercel, whose processes live no longer than their requests. */
  VERCEL: z.string().optional(),

  WEBHOOK_SECRET: z.string().min(16).optional(),
  CRON_SECRET: z.string().min(16).optional(),

  /** Whether visitors may look around in a copy of the demo. */
  DEMO: z.enum(["on", "off"]).default("off"),
  /** The account with the demo's life that the embedded stack makes for whoever runs it. In lower case, as GoTrue keeps addresses. */
  DEMO_EMAIL: z.string().trim().toLowerCase().pipe(z.email()).optional(),
  DEMO_PASSWORD: z.string().optional(),

  OPERATOR_IDS: userIds.prefault(""),
  METRICS_TOKEN: z.string().min(16).optional(),
  PRICES: pricesSchema.prefault(""),

  OTEL_SDK_DISABLED: z.enum(["true", "false"]).default("false"),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url().optional(),
  OTEL_METRICS_EXPORTER: z.enum(["otlp", "none"]).default("otlp"),
  OTEL_TRACES_EXPORTER: z.enum(["otlp", "none"]).default("otlp"),
  OTEL_METRIC_EXPORT_INTERVAL: z.coerce.number().int().min(100).default(60_000),
  OTEL_TRACES_SAMPLER: z
    .enum([
      "always_on",
      "always_off",
      "traceidratio",
      "parentbased_always_on",
      "parentbased_always_off",
      "parentbased_traceidratio",
    ])
    .default("parentbased_always_on"),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),

  /** Set by `npm start` when it runs the database itself. */
  EMBEDDED_STACK: z.enum(["on", "off"]).default("off"),
  /** Set with it: where the embedded stack puts the mails that it would send. */
  EMBEDDED_MAILS: z.string().optional(),
});

export type Env = z.infer<typeof schema>;

/** Variables that have to be set together. */
const PAIRS = [
  ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"],
  ["DEMO_EMAIL", "DEMO_PASSWORD"],
] as const;

/** Variables that are no longer read. Setting one is an error, because it no longer does what it did. */
const REPLACED: Record<string, string> = {
  OPERATOR_EMAILS:
    "is not read any more, because anybody may sign up with an address that is not theirs; name operators by their user ids in OPERATOR_IDS",
};

/** The message names every wrong or missing variable. It never contains a value. */
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
  const result = schema.safeParse(set, { error: ({ input }) => (input === undefined ? "is required" : undefined) });
  const problems = [
    ...(result.error?.issues ?? []).map(describeIssue),
    ...PAIRS.flatMap((pair) => missingHalf(pair, set)),
    ...twoStores(set),
    ...unbelieved(set),
    ...needingKey(set),
    ...Object.entries(REPLACED).flatMap(([name, why]) => (name in set ? [`${name}: ${why}`] : [])),
  ];
  if (result.success && problems.length === 0) return result.data;
  throw new EnvironmentError(
    ["The environment is not usable:", ...problems.map((problem) => `  ${problem}`), "See .env.example."].join("\n"),
  );
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return `${String(path[0])}: ${message}`;
}

/** Only one Redis can be used, so setting both is a mistake. */
function twoStores(set: Record<string, unknown>): string[] {
  if (!("REDIS_URL" in set && "UPSTASH_REDIS_REST_URL" in set)) return [];
  return ["REDIS_URL: must not be set together with UPSTASH_REDIS_REST_URL"];
}

/** Only with a secret key of the new kind does Supabase believe whom a request is for. */
function unbelieved({ FORWARD_ADDRESSES, SUPABASE_SECRET_KEY }: Record<string, unknown>): string[] {
  if (FORWARD_ADDRESSES !== "on" || String(SUPABASE_SECRET_KEY).startsWith("sb_secret_")) return [];
  return ["FORWARD_ADDRESSES: needs SUPABASE_SECRET_KEY to be set, to a key that begins with sb_secret_"];
}

/** Old conversations and ended demos are removed with the key, and demos are made with it. */
function needingKey(set: Record<string, unknown>): string[] {
  if ("SUPABASE_SECRET_KEY" in set) return [];
  const promised = [...("RETENTION_DAYS" in set ? ["RETENTION_DAYS"] : []), ...(set.DEMO === "on" ? ["DEMO"] : [])];
  return promised.map((name) => `SUPABASE_SECRET_KEY: is required because ${name} is set`);
}

function missingHalf([left, right]: (typeof PAIRS)[number], set: Record<string, unknown>): string[] {
  if (left in set === right in set) return [];
  const [present, absent] = left in set ? [left, right] : [right, left];
  return [`${absent}: is required because ${present} is set`];
}
