import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { schemaOf } from "@/server/doctor/check-database";
import { examine } from "@/server/doctor/examine";

// A project of Supabase, a model and a running app as their documentation has them, each of which a test can get wrong.

interface World {
  publishableKey: string;
  secretKey: string;
  tables: string[];
  functions: string[];
  /** Tables that anybody can read. */
  open: string[];
  signingKeys: object[];
  /** How far the database's clock is ahead, in milliseconds. */
  aheadMs: number;
  modelKey: string;
  models: string[];
  webhookSecret: string;
  /** What its auth server says of itself. */
  accounts: { disable_signup: boolean; mailer_autoconfirm: boolean; external: Record<string, boolean> };
}

const SCHEMA = { tables: ["users", "dreams"], functions: ["begin_message"] };

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** Runs a world that is well but for `wrong`, and answers with its address and what it is to be called with. */
async function worldOf(wrong: Partial<World> = {}) {
  const world: World = {
    publishableKey: `sb_publishable_${randomUUID()}`,
    secretKey: `sb_secret_${randomUUID()}`,
    ...SCHEMA,
    open: [],
    signingKeys: [{ kty: "EC" }],
    aheadMs: 0,
    modelKey: randomUUID(),
    models: ["claude-sonnet-5-5"],
    webhookSecret: randomUUID(),
    accounts: { disable_signup: false, mailer_autoconfirm: false, external: { google: true, github: false } },
    ...wrong,
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://world");
    const { apikey, authorization, "x-api-key": modelKey } = request.headers;
    const say = (status: number, body: unknown) => {
      response.writeHead(status, {
        "content-type": "application/json",
        date: new Date(Date.now() + world.aheadMs).toUTCString(),
        connection: "close",
      });
      response.end(JSON.stringify(body));
    };
    if (pathname === "/auth/v1/.well-known/jwks.json") return say(200, { keys: world.signingKeys });
    if (pathname === "/auth/v1/settings" && apikey === world.publishableKey) return say(200, world.accounts);
    if (pathname.startsWith("/v1/models/")) {
      if (modelKey !== world.modelKey) return say(401, { type: "error" });
      return say(world.models.some((model) => pathname.endsWith(`/${model}`)) ? 200 : 404, {});
    }
    if (pathname === "/api/hooks/database") {
      return say(authorization === `Bearer ${world.webhookSecret}` ? 200 : 401, { outdated: 0 });
    }
    if (pathname === "/rest/v1/") {
      if (apikey !== world.secretKey) return say(401, { message: "Invalid API key" });
      const paths = [...world.tables, ...world.functions.map((name) => `rpc/${name}`)].map((name) => [`/${name}`, {}]);
      return say(200, { swagger: "2.0", paths: Object.fromEntries(paths) });
    }
    if (apikey !== world.publishableKey) return say(401, { message: "Invalid API key" });
    const table = pathname.replace("/rest/v1/", "");
    if (world.open.includes(table)) return say(200, [{ id: randomUUID() }]);
    return say(401, { code: "42501", message: `permission denied for table ${table}` });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    environment: {
      SUPABASE_URL: url,
      SUPABASE_PUBLISHABLE_KEY: world.publishableKey,
      SUPABASE_SECRET_KEY: world.secretKey,
      ANTHROPIC_API_KEY: world.modelKey,
      ANTHROPIC_BASE_URL: url,
      WEBHOOK_SECRET: world.webhookSecret,
      APP_URL: url.replace("127.0.0.1", "localhost"),
      OPERATOR_IDS: randomUUID(),
    },
  };
}

async function examined(environment: Record<string, string | undefined>) {
  const findings = await examine({ environment, schema: SCHEMA, now: Date.now, timeoutMs: 2_000 });
  const failures = findings.filter(({ state }) => state === "failed");
  return { findings, failures: failures.map(({ part, says }) => `${part}: ${says}`) };
}

describe("the doctor", () => {
  it("finds nothing wrong where nothing is, and says what could still be wanted", async () => {
    const { environment } = await worldOf();
    const { findings, failures } = await examined(environment);
    expect(failures).toEqual([]);
    expect(findings.filter(({ state }) => state === "ok").map(({ part }) => part)).toEqual([
      "environment",
      "database",
      "clock",
      "schema",
      "row-level security",
      "sign-in",
      "accounts",
      "model",
      "webhook",
      "proxies",
    ]);
    expect(findings.filter(({ state }) => state === "warning").map(({ part }) => part)).toEqual(["redis"]);
  });

  type Wrong = [what: string, says: RegExp, world: Partial<World>, environment: Record<string, string>];
  it.each<Wrong>([
    ["a malformed variable", /environment: .*MESSAGES_PER_MINUTE/s, {}, { MESSAGES_PER_MINUTE: "many" }],
    [
      "a database that is not there",
      /database: SUPABASE_URL does not answer/,
      {},
      { SUPABASE_URL: "http://127.0.0.1:1" },
    ],
    [
      "a key of another project",
      /database: SUPABASE_PUBLISHABLE_KEY is not/,
      {},
      { SUPABASE_PUBLISHABLE_KEY: "other" },
    ],
    ["a secret key of another project", /schema: SUPABASE_SECRET_KEY is not/, {}, { SUPABASE_SECRET_KEY: "other" }],
    ["a clock that is behind", /clock: This machine is \d+ s behind/, { aheadMs: 90_000 }, {}],
    ["a clock that is ahead", /clock: This machine is \d+ s ahead/, { aheadMs: -90_000 }, {}],
    ["a missing table", /schema: dreams missing.*supabase db push/, { tables: ["users"] }, {}],
    ["a missing function", /schema: begin_message missing/, { functions: [] }, {}],
    ["a table that anybody can read", /row-level security: Anybody can read dreams/, { open: ["dreams"] }, {}],
    ["tokens that nobody can verify", /sign-in: .*SUPABASE_JWT_SECRET/, { signingKeys: [] }, {}],
    ["a service that the project does not know", /accounts: .*github/, {}, { OAUTH_PROVIDERS: "google,github" }],
    ["a registration that is closed here only", /accounts: .*sign-ups off there/, {}, { REGISTRATION: "closed" }],
    [
      "a registration that is closed there only",
      /accounts: .*REGISTRATION=closed/,
      { accounts: { disable_signup: true, mailer_autoconfirm: false, external: {} } },
      {},
    ],
    ["a refused model key", /model: ANTHROPIC_API_KEY is refused/, {}, { ANTHROPIC_API_KEY: "other" }],
    ["a model that does not exist", /model: ANTHROPIC_MODEL is claude-9/, {}, { ANTHROPIC_MODEL: "claude-9" }],
    [
      "a model address that does not answer",
      /model: .*ANTHROPIC_BASE_URL/,
      {},
      { ANTHROPIC_BASE_URL: "http://127.0.0.1:1" },
    ],
    ["a Redis that is not there", /redis: .+/, {}, { REDIS_URL: "redis://127.0.0.1:1" }],
    ["proxies that are anybody", /proxies: .*make up/, {}, { TRUSTED_PROXIES: "10.0.0.0/8, 0.0.0.0/0" }],
    ["an app with another webhook secret", /webhook: .*another WEBHOOK_SECRET/, {}, { WEBHOOK_SECRET: "x".repeat(16) }],
    ["an app that is not running", /webhook: .*APP_URL/, {}, { APP_URL: "http://localhost:1" }],
  ])("finds %s, and nothing else", async (_what, says, wrong, environment) => {
    const world = await worldOf(wrong);
    const { failures } = await examined({ ...world.environment, ...environment });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(says);
  });

  it("takes what answers something else for no Supabase", async () => {
    const { url, environment } = await worldOf();
    const { failures } = await examined({
      ...environment,
      SUPABASE_URL: `${url}/elsewhere`,
      SUPABASE_PUBLISHABLE_KEY: "x",
    });
    expect(failures.join()).toMatch(/database: /);
  });

  it("warns where addresses are not confirmed", async () => {
    const { environment } = await worldOf({
      accounts: { disable_signup: false, mailer_autoconfirm: true, external: {} },
    });
    const { findings } = await examined(environment);
    expect(findings).toContainEqual(expect.objectContaining({ part: "accounts", state: "warning" }));
  });

  it("says no secret, whatever it finds", async () => {
    const { environment } = await worldOf({ open: ["users"], tables: [], signingKeys: [], models: [] });
    const { findings } = await examined({ ...environment, REDIS_URL: "redis://:redis-password@127.0.0.1:1" });
    const said = JSON.stringify(findings);
    for (const secret of [environment.SUPABASE_SECRET_KEY, environment.ANTHROPIC_API_KEY, environment.WEBHOOK_SECRET]) {
      expect(said).not.toContain(secret);
    }
    expect(said).not.toContain("redis-password");
  });

  it("knows what the migrations make, in their order", () => {
    const migrations = [
      "create table public.users (id uuid); create function public.old() returns void;",
      "create or replace function public.begin_message(a int) returns int; drop function public.old; create table if not exists public.dreams ();",
    ];
    expect(schemaOf(migrations)).toEqual({ tables: ["users", "dreams"], functions: ["begin_message"] });
  });
});
