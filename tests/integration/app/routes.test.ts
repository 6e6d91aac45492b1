import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { collect } from "@/tests/support/collect";
import type { Life } from "@/tests/support/database/life";
import { createLife, storedOf } from "@/tests/support/database/life";
import { createSqlClient } from "@/tests/support/database/sql";
import { cookieOf } from "@/tests/support/http-client";

// Every route handler and every server action, as the folders have them: each has a row that says who may call it. What
// `next/headers` belongs to needs a running server, and is tried in the files that the row names.

vi.mock("server-only", () => ({}));

const stack = inject("stack");
const sql = createSqlClient(stack);
const SECRET = "a-secret-of-the-tests-0123456789";

/** Whom a route answers: its status for a stranger, for an operator, and for whoever has its secret. */
interface Access {
  stranger: number;
  operator: number;
  secret: number;
}

const OPEN: Access = { stranger: 200, operator: 200, secret: 200 };

/** By folder under `app`. A route without a row here fails the test, as does a row without a route. */
const ROUTES: Record<string, Access | { triedIn: string }> = {
  "api/health": OPEN,
  "api/health/ready": OPEN,
  "api/hooks/database": { stranger: 401, operator: 401, secret: 400 },
  "api/jobs/consolidate-patterns": { stranger: 401, operator: 401, secret: 200 },
  "api/jobs/remove-ended-demos": { stranger: 401, operator: 401, secret: 200 },
  "api/jobs/remove-old-conversations": { stranger: 401, operator: 401, secret: 200 },
  "api/metrics": { stranger: 401, operator: 200, secret: 200 },
  "api/sign-out": { triedIn: "tests/e2e/account.test.ts" },
  "api/trpc/[trpc]": { triedIn: "tests/integration/app/tenancy.test.ts" },
  "auth/callback": { triedIn: "tests/unit/auth/accounts.test.ts" },
  "auth/oauth/[provider]": { triedIn: "tests/unit/auth/accounts.test.ts" },
};

/** The files that hold server actions, with the tests that try them. */
const ACTIONS: Record<string, string> = { "app/sign-in/actions.ts": "tests/e2e/sign-in.test.ts" };

let owner: Life;
let callers: Record<string, Record<string, string>>;
beforeAll(async () => {
  const [stranger, operator] = await Promise.all([createLife(stack, sql), createLife(stack, sql)]);
  owner = await createLife(stack, sql);
  vi.stubEnv("SUPABASE_URL", stack.url);
  vi.stubEnv("SUPABASE_PUBLISHABLE_KEY", stack.publishableKey);
  vi.stubEnv("SUPABASE_JWT_SECRET", stack.jwtSecret);
  vi.stubEnv("OPERATOR_IDS", operator.ids.userId);
  for (const name of ["METRICS_TOKEN", "CRON_SECRET", "WEBHOOK_SECRET"]) vi.stubEnv(name, SECRET);
  vi.stubEnv("REDIS_URL", "");
  vi.stubEnv("LOG_LEVEL", "silent");
  const cookie = (life: Life) => ({ cookie: cookieOf(life.person) });
  const forged = Buffer.from(JSON.stringify({ sub: operator.ids.userId, role: "authenticated" })).toString("base64url");
  callers = {
    nobody: {},
    "another person": cookie(stranger),
    "another person with a wrong secret": { ...cookie(stranger), authorization: "Bearer wrong" },
    "another person with their own token as the secret": { authorization: `Bearer ${stranger.person.accessToken}` },
    "somebody with the owner's id for a secret": { authorization: `Bearer ${owner.ids.userId}` },
    "somebody with an unsigned token": { cookie: `clarify-session=base64-${forged}` },
    "an operator": cookie(operator),
    "the holder of the secret": { authorization: `Bearer ${SECRET}` },
  };
});
afterAll(() => vi.unstubAllEnvs());

type Handler = (request: Request) => Promise<Response> | Response;
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

it("has a row for every route, and a test for every server action", async () => {
  const routes = (await collect(glob("app/**/route.ts"))).map((path) => path.slice("app/".length, -"/route.ts".length));
  expect(routes.toSorted()).toEqual(Object.keys(ROUTES).toSorted());
  const sources = await collect(glob("{app,components,server}/**/*.{ts,tsx}"));
  const actions = await Promise.all(
    sources.map(async (path) => (/^\s*["']use server["']/m.test(await readFile(path, "utf8")) ? [path] : [])),
  );
  expect(actions.flat()).toEqual(Object.keys(ACTIONS));
  for (const row of Object.values(ROUTES)) if ("triedIn" in row) await readFile(row.triedIn);
});

it.each(Object.entries(ROUTES).flatMap(([path, access]) => ("triedIn" in access ? [] : [[path, access] as const])))(
  "%s answers only those it is for, and nobody with what is another person's",
  async (path, access) => {
    const route: Partial<Record<string, Handler>> = await import(
      /* @vite-ignore */ join(process.cwd(), "app", path, "route.ts")
    );
    const before = await storedOf(sql, owner.ids.userId);
    for (const method of METHODS) {
      const handle = route[method];
      if (handle === undefined) continue;
      for (const [who, headers] of Object.entries(callers)) {
        const url = `http://clarify.test/${path}?userId=${owner.ids.userId}&user_id=eq.${owner.ids.userId}`;
        const body = JSON.stringify({ user_id: owner.ids.userId, type: "DELETE", table: "no_such_table" });
        const request = new Request(url, { method, headers, ...(method !== "GET" && { body }) });
        const response = await handle(request);
        const text = await response.text();
        const wanted =
          who === "an operator" ? access.operator : who.startsWith("the holder") ? access.secret : access.stranger;
        expect(response.status, `${method} ${who}: ${text.slice(0, 200)}`).toBe(wanted);
        expect(text, who).not.toContain(owner.secret);
        expect(text, who).not.toContain(owner.ids.userId);
        expect(text, who).not.toContain(SECRET);
        expect(text, who).not.toContain(stack.secretKey);
      }
    }
    expect(await storedOf(sql, owner.ids.userId)).toEqual(before);
  },
);
