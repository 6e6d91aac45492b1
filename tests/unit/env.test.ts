import { describe, expect, it } from "vitest";
import { EnvironmentError, readEnv } from "@/server/env";

const minimal = { SUPABASE_URL: "http://127.0.0.1:54321", SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x" };

function problemsOf(source: Record<string, string>): string {
  try {
    readEnv(source);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
  return "";
}

describe("readEnv", () => {
  it("fills in defaults, also for variables that are set but empty", () => {
    expect(readEnv({ ...minimal, LOG_LEVEL: "", ANTHROPIC_API_KEY: " " })).toMatchObject({
      LOG_LEVEL: "info",
      NODE_ENV: "production",
    });
  });

  it("names every bad or missing variable in one message", () => {
    const problems = problemsOf({ SUPABASE_URL: "nonsense", LOG_LEVEL: "loud", UPSTASH_REDIS_REST_URL: "http://r" });
    for (const name of ["SUPABASE_URL", "SUPABASE_PUBLISHABLE_KEY", "LOG_LEVEL", "UPSTASH_REDIS_REST_TOKEN"]) {
      expect(problems).toContain(`  ${name}: `);
    }
  });

  it("never repeats a value, which may be a secret", () => {
    expect(problemsOf({ ...minimal, SUPABASE_JWT_SECRET: "short-secret" })).not.toContain("short-secret");
  });

  it("accepts a Redis by its TCP address, but not two of them", () => {
    expect(readEnv({ ...minimal, REDIS_URL: "rediss://:secret@host:6380/1" }).REDIS_URL).toContain("host");
    expect(problemsOf({ ...minimal, REDIS_URL: "https://host" })).toContain("REDIS_URL: must begin with redis://");
    const upstash = { UPSTASH_REDIS_REST_URL: "https://host", UPSTASH_REDIS_REST_TOKEN: "token" };
    expect(problemsOf({ ...minimal, ...upstash, REDIS_URL: "redis://host" })).toContain("must not be set together");
  });

  it("knows the services that people may sign in with", () => {
    expect(readEnv(minimal)).toMatchObject({ OAUTH_PROVIDERS: [], REGISTRATION: "open" });
    expect(readEnv({ ...minimal, OAUTH_PROVIDERS: "Google, github," }).OAUTH_PROVIDERS).toEqual(["google", "github"]);
    expect(problemsOf({ ...minimal, OAUTH_PROVIDERS: "google,toString" })).toContain("OAUTH_PROVIDERS: knows apple");
  });

  it("forwards addresses only with a key that is believed", () => {
    const forwarding = { ...minimal, FORWARD_ADDRESSES: "on" };
    expect(problemsOf(forwarding)).toContain("FORWARD_ADDRESSES: needs SUPABASE_SECRET_KEY");
    expect(problemsOf({ ...forwarding, SUPABASE_SECRET_KEY: "an.old.key" })).toContain("FORWARD_ADDRESSES: needs");
    expect(readEnv({ ...forwarding, SUPABASE_SECRET_KEY: "sb_secret_key" }).FORWARD_ADDRESSES).toBe("on");
  });

  it("wants both halves of a pair", () => {
    expect(problemsOf({ ...minimal, DEMO_EMAIL: "demo@example.com" })).toContain("DEMO_PASSWORD: is required because");
    expect(problemsOf({ ...minimal, DEMO_PASSWORD: "secret" })).toContain("DEMO_EMAIL: is required because");
  });

  it("takes addresses and networks of proxies, and refuses what is neither", () => {
    const { TRUSTED_PROXIES } = readEnv({ ...minimal, TRUSTED_PROXIES: "10.0.0.0/8, 192.0.2.7,2001:db8::/32" });
    expect(TRUSTED_PROXIES).toEqual(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]);
    for (const bad of ["proxy.example", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/", "1"]) {
      expect(problemsOf({ ...minimal, TRUSTED_PROXIES: bad }), bad).toContain("TRUSTED_PROXIES");
    }
  });

  it("offers a demo only with the key that makes and removes its copies", () => {
    expect(readEnv(minimal).DEMO).toBe("off");
    expect(problemsOf({ ...minimal, DEMO: "on" })).toContain("SUPABASE_SECRET_KEY: is required because DEMO is set");
    expect(readEnv({ ...minimal, DEMO: "on", SUPABASE_SECRET_KEY: "key" }).DEMO).toBe("on");
  });

  it("takes the origin of an address, and refuses what is not a web address", () => {
    const { APP_URL, TRUSTED_ORIGINS } = readEnv({
      ...minimal,
      APP_URL: "https://Clarify.example/app/",
      TRUSTED_ORIGINS: "http://old.example:8080/, https://new.example:443",
    });
    expect([APP_URL, ...TRUSTED_ORIGINS]).toEqual([
      "https://clarify.example",
      "http://old.example:8080",
      "https://new.example",
    ]);
    for (const bad of ["clarify.example", "javascript:alert(1)", "*"]) {
      expect(problemsOf({ ...minimal, TRUSTED_ORIGINS: bad }), bad).toContain("TRUSTED_ORIGINS");
      expect(problemsOf({ ...minimal, APP_URL: bad }), bad).toContain("APP_URL");
    }
  });

  it("takes how long conversations are kept, with the key that removing them needs", () => {
    expect(readEnv(minimal).RETENTION_DAYS).toBeUndefined();
    const kept = { ...minimal, RETENTION_DAYS: "90", SUPABASE_SECRET_KEY: "sb_secret_x" };
    expect(readEnv(kept).RETENTION_DAYS).toBe(90);
    expect(problemsOf({ ...minimal, RETENTION_DAYS: "90" })).toContain("SUPABASE_SECRET_KEY: is required because");
    for (const bad of ["0", "-1", "1.5", "a year"]) {
      expect(problemsOf({ ...kept, RETENTION_DAYS: bad }), bad).toContain("RETENTION_DAYS");
    }
  });
});
