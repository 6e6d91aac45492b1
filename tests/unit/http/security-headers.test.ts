import { expect, it } from "vitest";
import { createNonce, nonceIn, securityHeaders } from "@/server/security-headers";

const PRODUCTION = { nonce: "abc", secure: true, development: false };

it("runs only scripts with the nonce of the answer", () => {
  const { policy } = securityHeaders(PRODUCTION);
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
  expect(policy).not.toContain("unsafe-eval");
  expect(policy.split("; ").filter((directive) => directive.includes("unsafe-inline"))).toEqual([
    "style-src-attr 'unsafe-inline'",
  ]);
});

it("asks for HTTPS only where the person came by it", () => {
  expect(securityHeaders(PRODUCTION).headers).toHaveProperty("strict-transport-security");
  expect(securityHeaders({ ...PRODUCTION, secure: false }).headers).not.toHaveProperty("strict-transport-security");
});

it("tells the nonce of a policy, and that there is none", () => {
  expect(nonceIn(securityHeaders(PRODUCTION).policy)).toBe("abc");
  expect(nonceIn("default-src 'self'")).toBeUndefined();
  expect(nonceIn(null)).toBeUndefined();
});

it("never uses a nonce twice", () => {
  const nonces = Array.from({ length: 100 }, createNonce);
  expect(new Set(nonces).size).toBe(100);
  for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
});
