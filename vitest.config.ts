import { defineConfig } from "vitest/config";

const shared = { resolve: { tsconfigPaths: true } };

export default defineConfig({
  test: {
    projects: [
      { ...shared, test: { name: "unit", include: ["tests/unit/**/*.test.{ts,tsx}"] } },
      {
        ...shared,
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.ts"],
          globalSetup: ["tests/support/integration-setup.ts"],
          // One of them often waits for a deadline.
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: "module",
          include: ["tests/module/*.test.ts"],
          globalSetup: ["tests/module/setup.ts"],
          env: { npm_config_audit: "false", npm_config_fund: "false" },
          // These tests install packages.
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        ...shared,
        test: {
          name: "upstash",
          include: ["tests/upstash/**/*.test.ts"],
          globalSetup: ["tests/upstash/setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          globalSetup: ["tests/support/e2e-setup.ts"],
          // Each visitor is a person of their own. More than two browsers at once make what is on the clock late.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});
