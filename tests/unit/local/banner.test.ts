import { expect, test } from "vitest";
import { renderBanner } from "@/server/local/banner";

const url = "http://localhost:3000";
const demo = { email: "maya@clarify.example", password: "wheel-and-water" };

test("everything embedded: the address, the demo account, and what replaces each part", () => {
  const banner = renderBanner({ url, embedded: { dataDir: ".data", demo }, redis: null, model: false });
  for (const told of [url, demo.email, demo.password, ".data"]) expect(banner).toContain(told);
  for (const variable of ["SUPABASE_URL", "UPSTASH_REDIS_REST_URL or REDIS_URL", "ANTHROPIC_API_KEY"]) {
    expect(banner).toContain(`set ${variable} to replace it`);
  }
});

test("nothing embedded: no account, nothing to replace", () => {
  const banner = renderBanner({ url, embedded: null, redis: "REDIS_URL", model: true });
  expect(banner).not.toContain("Demo account");
  expect(banner).not.toContain("to replace it");
});

test("an account that cannot be signed in to is not offered", () => {
  const banner = renderBanner({ url, embedded: { dataDir: ".data", demo: null }, redis: null, model: false });
  expect(banner).not.toContain("Demo account");
});
