import { z } from "zod";
import type { Env } from "@/server/env";
import type { Finding } from "./finding";
import { failed, ok, skipped, warning } from "./finding";

type DatabaseSettings = Pick<
  Env,
  "SUPABASE_URL" | "SUPABASE_PUBLISHABLE_KEY" | "SUPABASE_SECRET_KEY" | "SUPABASE_JWT_SECRET"
>;

export interface DatabaseCheck {
  env: DatabaseSettings;
  /** The names that the migrations make; see {@link schemaOf}. */
  schema: Schema;
  /** Milliseconds since the epoch. */
  now: () => number;
  timeoutMs: number;
}

export interface Schema {
  tables: string[];
  functions: string[];
}

/** The public tables and functions that exist after these migrations, given as SQL in their order. */
export function schemaOf(migrations: readonly string[]): Schema {
  const [tables, functions] = [new Set<string>(), new Set<string>()];
  const statement = /\b(create(?: or replace)?|drop) (table|function)(?: if (?:not )?exists)? public\.(\w+)/gi;
  for (const sql of migrations) {
    for (const [, verb = "", kind = "", name = ""] of sql.matchAll(statement)) {
      const names = kind.toLowerCase() === "table" ? tables : functions;
      if (verb.toLowerCase() === "drop") names.delete(name);
      else names.add(name);
    }
  }
  return { tables: [...tables], functions: [...functions] };
}

/** How far apart the clocks may be, in milliseconds: a token is renewed a minute before its end. */
const CLOCK_SKEW_MS = 30_000;

/** Whether the database of a project can be used, holds what the migrations make, and shows strangers nothing. */
export async function checkDatabase(check: DatabaseCheck): Promise<Finding[]> {
  const { env, now, timeoutMs } = check;
  const ask = askerOf(env.SUPABASE_URL, timeoutMs);
  const anonymous = { apikey: env.SUPABASE_PUBLISHABLE_KEY };
  const begun = now();
  const answer = await ask("/rest/v1/users?select=id&limit=1", anonymous);
  if (answer === null) {
    return [failed("database", "SUPABASE_URL does not answer. Is the address right, and is the project running?")];
  }
  if (answer.status === 401 && answer.code !== "42501") {
    return [failed("database", "SUPABASE_PUBLISHABLE_KEY is not a key of the project at SUPABASE_URL.")];
  }
  if (answer.code === undefined && answer.status >= 400) {
    return [
      failed(
        "database",
        `SUPABASE_URL answers ${answer.status}, and not as Supabase does. Is it the project's address?`,
      ),
    ];
  }
  const [schema, rows, keys] = await Promise.all([
    findSchema(check, ask),
    findRowLevelSecurity(check, ask),
    findSigningKeys(env, ask),
  ]);
  return [
    ok("database", "It answers, and accepts the publishable key."),
    clockOf(answer, begun, now()),
    schema,
    rows,
    keys,
  ];
}

function clockOf({ date }: Answer, begun: number, ended: number): Finding {
  const theirs = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(theirs)) return skipped("clock", "The database does not say what time it is.");
  const skewMs = theirs - (begun + ended) / 2;
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  if (Math.abs(skewMs) <= CLOCK_SKEW_MS) return ok("clock", "It agrees with the database's.");
  return failed(
    "clock",
    `This machine is ${seconds} s ${skewMs > 0 ? "behind" : "ahead of"} the database. Synchronise it (NTP): tokens seem to end too ${skewMs > 0 ? "late" : "early"}.`,
  );
}

async function findSchema({ env, schema }: DatabaseCheck, ask: Ask): Promise<Finding> {
  const apikey = env.SUPABASE_SECRET_KEY;
  if (apikey === undefined)
    return skipped("schema", "Set SUPABASE_SECRET_KEY to have it compared with supabase/migrations.");
  const answer = await ask("/rest/v1/", { apikey, authorization: `Bearer ${apikey}` });
  const described = z.object({ paths: z.record(z.string(), z.unknown()) }).safeParse(answer?.body);
  if (!described.success) return failed("schema", "SUPABASE_SECRET_KEY is not the secret key of this project.");
  const paths = new Set(Object.keys(described.data.paths));
  const missing = [
    ...schema.tables.filter((name) => !paths.has(`/${name}`)),
    ...schema.functions.filter((name) => !paths.has(`/rpc/${name}`)),
  ];
  if (missing.length === 0) return ok("schema", "It has every table and function of supabase/migrations.");
  return failed("schema", `${missing.join(", ")} missing. Apply the migrations: supabase db push.`);
}

async function findRowLevelSecurity({ env, schema }: DatabaseCheck, ask: Ask): Promise<Finding> {
  const answers = await Promise.all(
    schema.tables.map(async (table) => {
      const answer = await ask(`/rest/v1/${table}?select=*&limit=1`, { apikey: env.SUPABASE_PUBLISHABLE_KEY });
      return { table, shown: Array.isArray(answer?.body) && answer.body.length > 0 };
    }),
  );
  const open = answers.filter(({ shown }) => shown).map(({ table }) => table);
  if (open.length === 0) return ok("row-level security", "Somebody who is not signed in sees no row.");
  return failed(
    "row-level security",
    `Anybody can read ${open.join(", ")}. Turn it on again: alter table public.${open[0]} enable row level security.`,
  );
}

async function findSigningKeys({ SUPABASE_JWT_SECRET: secret }: DatabaseSettings, ask: Ask): Promise<Finding> {
  const answer = await ask("/auth/v1/.well-known/jwks.json", {});
  const keys = z.object({ keys: z.array(z.unknown()) }).safeParse(answer?.body);
  if (!keys.success) return failed("sign-in", "The auth server does not answer at SUPABASE_URL/auth/v1.");
  if (keys.data.keys.length > 0 && secret !== undefined) {
    return warning(
      "sign-in",
      "The project signs with public keys; remove SUPABASE_JWT_SECRET unless it still signs with that too.",
    );
  }
  if (keys.data.keys.length > 0 || secret !== undefined) return ok("sign-in", "Tokens can be verified.");
  return failed("sign-in", "The project has no public keys: set SUPABASE_JWT_SECRET, or nobody will be signed in.");
}

interface Answer {
  status: number;
  body: unknown;
  /** An error's, as PostgREST has it. */
  code: string | undefined;
  date: string | null;
}

/** Null when there is no answer in time. */
type Ask = (path: string, headers: Record<string, string>) => Promise<Answer | null>;

function askerOf(url: string, timeoutMs: number): Ask {
  return async (path, headers) => {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(new URL(path, url), { headers, signal, cache: "no-store" });
      const text = await response.text();
      const body = parse(text);
      const code = z.object({ code: z.string() }).safeParse(body).data?.code;
      return { status: response.status, body, code, date: response.headers.get("date") };
    } catch {
      return null;
    }
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
