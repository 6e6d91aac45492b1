import { describe, expect, it } from "vitest";
import type { OperatorSettings } from "@/server/auth/operator";
import { isOperator } from "@/server/auth/operator";
import { readEnv } from "@/server/env";

const hosted = { SUPABASE_URL: "http://127.0.0.1:54321", SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x" };
const withDemo = { ...hosted, DEMO_EMAIL: "demo@example.com", DEMO_PASSWORD: "secret" };
const settings = (more: Record<string, string>): OperatorSettings => readEnv({ ...withDemo, ...more });

const demo = { email: "Demo@example.com" };
const noa = { email: "Noa@example.com" };

describe("isOperator", () => {
  it("is nobody who is not signed in", () => {
    expect(isOperator(null, settings({ EMBEDDED_STACK: "on", NODE_ENV: "development" }))).toBe(false);
  });

  it("is who is named, however they write their address, and then nobody else", () => {
    const named = settings({ OPERATOR_EMAILS: " noa@EXAMPLE.com, dan@example.com,", EMBEDDED_STACK: "on" });
    expect(isOperator(noa, named)).toBe(true);
    expect(isOperator({ email: "dan@example.com" }, named)).toBe(true);
    expect(isOperator({ email: "an@example.com" }, named)).toBe(false);
    expect(isOperator(demo, named)).toBe(false);
  });

  it.each([
    ["on the embedded stack", { EMBEDDED_STACK: "on" }, true],
    ["in development", { NODE_ENV: "development" }, true],
    ["in production elsewhere, where anybody could be it", {}, false],
  ])("without names is the demo account %s", (_where, more, expected) => {
    expect(isOperator(demo, settings(more))).toBe(expected);
    expect(isOperator(noa, settings(more))).toBe(false);
  });

  it("is nobody where there is neither a name nor a demo account", () => {
    expect(isOperator(demo, readEnv({ ...hosted, NODE_ENV: "development" }))).toBe(false);
  });
});

describe("OPERATOR_EMAILS", () => {
  it("has to hold addresses", () => {
    expect(() => readEnv({ ...hosted, OPERATOR_EMAILS: "noa@example.com;dan" })).toThrow("OPERATOR_EMAILS");
  });
});
