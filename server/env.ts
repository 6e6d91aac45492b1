import { z } from "zod";

const secret = z.string().min(1);
const optional = <T extends z.ZodTypeAny>(schema: T) =>
  z.preprocess((value) => (typeof value === "string" && value.trim() === "" ? undefined : value), schema.optional());

const schema = z
  .object({
    NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
    LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),

    SUPABASE_URL: z.string().url(),
    SUPABASE_PUBLISHABLE_KEY: secret,
    SUPABASE_JWT_SECRET: optional(secret.min(32)),

    UPSTASH_REDIS_REST_URL: optional(z.string().url()),
    UPSTASH_REDIS_REST_TOKEN: optional(secret),

    ANTHROPIC_API_KEY: optional(secret),
    ANTHROPIC_BASE_URL: optional(z.string().url()),
    ANTHROPIC_MODEL: z.string().min(1).default("claude-sonnet-5-5"),

    DEMO_EMAIL: optional(z.string().email()),
    DEMO_PASSWORD: optional(secret),
  })
  .superRefine((env, issue) => {
    const pairs = [
      ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"],
      ["DEMO_EMAIL", "DEMO_PASSWORD"],
    ] as const;
    for (const [left, right] of pairs) {
      if ((env[left] === undefined) === (env[right] === undefined)) continue;
      const absent = env[left] === undefined ? left : right;
      const present = absent === left ? right : left;
      issue.addIssue({ code: "custom", path: [absent], message: `is required because ${present} is set` });
    }
  });

export type Env = z.infer<typeof schema>;

/** Every bad or missing variable, named in one message; the values themselves are never part of it. */
export class EnvironmentError extends Error {
  override name = "EnvironmentError";
}

/**
 * Validates the environment once, where a process starts. The only reader of `process.env`.
 * @throws {EnvironmentError} naming every variable that is missing or malformed.
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new EnvironmentError(
    `The environment is not usable:\n${lines.join("\n")}\nSee .env.example for each variable.`,
  );
}
