import { describe, expect, it } from "vitest";
import type { OperatorSettings } from "@/server/auth/operator";
import { isOperator } from "@/server/auth/operator";
import { readEnv } from "@/server/env";

const hosted = { SUPABASE_URL: "http://127.0.0.1:54321", SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x" };
const withDemo = { ...hosted, DEMO_EMAIL: "demo@example.com", DEMO_PASSWORD: "secret" };
const settings = (more: Record<string, string>): OperatorSettings => readEnv({ ...withDemo, ...more });

const demo = { id: "11111111-1111-4111-8111-111111111111", email: "demo@example.com" };
const noa = { id: "22222222-2222-4222-8222-222222222222", email: "noa@example.com" };
const dan = { id: "33333333-3333-4333-8333-333333333333", email: "dan@example.com" };

describe("isOperator", () => {
  it("is nobody without a session", () => {
    expect(isOperator(null, settings({ EMBEDDED_STACK: "on", NODE_ENV: "development" }))).toBe(false);
  });

  it("is only the person whose id is named", () => {
    const named = settings({ OPERATOR_IDS: ` ${noa.id.toUpperCase()}, ${dan.id},`, EMBEDDED_STACK: "on" });
    expect(isOperator(noa, named)).toBe(true);
    expect(isOperator(dan, named)).toBe(true);
    expect(isOperator(demo, named)).toBe(false);
  });

  it("is not a person who signs up with an operator's address", () => {
    const named = settings({ OPERATOR_IDS: noa.id });
    expect(isOperator({ ...dan, email: noa.email }, named)).toBe(false);
  });

  it.each([
    ["on the embedded stack", { EMBEDDED_STACK: "on" }, true],
    ["in development", { NODE_ENV: "development" }, true],
    ["in production elsewhere, where anybody could be it", {}, false],
  ])("without names is the demo account %s", (_where, more, expected) => {
    expect(isOperator(demo, settings(more))).toBe(expected);
    expect(isOperator(noa, settings(more))).toBe(false);
  });

  it("is nobody if there is neither a name nor a demo account", () => {
    expect(isOperator(demo, readEnv({ ...hosted, NODE_ENV: "development" }))).toBe(false);
  });
});

describe("OPERATOR_IDS", () => {
  it("has to hold user ids", () => {
    expect(() => readEnv({ ...hosted, OPERATOR_IDS: "noa@example.com" })).toThrow(
      "OPERATOR_IDS: is a list of user ids",
    );
  });

  it("refuses the earlier variable with addresses, with the reason", () => {
    expect(() => readEnv({ ...hosted, OPERATOR_EMAILS: "noa@example.com" })).toThrow(
      "OPERATOR_EMAILS: is not read any more",
    );
  });
});

describe("DEMO_EMAIL", () => {
  it("is found by the account's address in any spelling", () => {
    expect(readEnv({ ...withDemo, DEMO_EMAIL: " Demo@Example.com " }).DEMO_EMAIL).toBe("demo@example.com");
  });
});
