import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { InMemoryEmailDriver } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";
import postgres from "postgres";
import { serveOnLoopback } from "@/server/local/api-server";
import type { StackKeys } from "@/server/local/keys";
import { generateKeys } from "@/server/local/keys";
import { openPglite } from "@/server/local/pglite";
import type { StackMail } from "@/server/local/stack";
import { createApp, migrate, serveStack } from "@/server/local/stack";
import type { RunSql } from "./sql";
import { createSqlHandler } from "./sql";

/** How long connections may take to end, in milliseconds. */
const CLOSE_MS = 5_000;

export type Driver = "pglite" | "postgres";

/** The address and keys of a stack, as plain data that can be passed to test files. */
export interface StackAddress extends StackKeys {
  url: string;
  sqlUrl: string;
  driver: Driver;
}

export interface TestStack {
  address: StackAddress;
  stop(): Promise<void>;
}

/**
 * Starts a stack with an empty, migrated database of its own: PGlite in memory, or a new database on the PostgreSQL at
 * DATABASE_URL, which is dropped at the end.
 * @param mail default: nobody reads it, and accounts need no confirmation
 */
export async function startStack({
  driver = defaultDriver(),
  mail = { driver: new InMemoryEmailDriver(), siteUrl: "http://localhost:3000", confirms: false },
}: {
  driver?: Driver;
  mail?: StackMail;
} = {}): Promise<TestStack> {
  const keys = generateKeys();
  const database = driver === "postgres" ? await openPostgres(keys) : await openEmbedded(keys);
  const stack = await serveStack({ connection: database.connection, keys, turns: driver === "pglite", mail });
  const run: RunSql = (query, parameters) => stack.exclusively(() => database.run(query, parameters));
  const sql = await serveOnLoopback(createSqlHandler(run, keys.secretKey));
  return {
    address: { ...keys, driver, url: stack.url, sqlUrl: sql.url },
    async stop() {
      await Promise.all([sql.close(), stack.close()]);
      await database.close();
    },
  };
}

function defaultDriver(): Driver {
  return process.env.DATABASE_URL ? "postgres" : "pglite";
}

async function openEmbedded(keys: StackKeys) {
  const connection = await openPglite();
  await migrate(createApp(connection, keys));
  return {
    connection,
    run: async (query: string, parameters: unknown[] = []) =>
      (await connection.driver.query<Record<string, unknown>>(query, parameters)).rows,
    close: () => connection.close(),
  };
}

/** A database with the schemas of the API and none of our tables. */
export interface BareDatabase {
  /** Applies the missing migrations and returns their file names. */
  migrate(): Promise<string[]>;
  /** Runs statements, any number of them. */
  apply(statements: string): Promise<void>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** A database for tests of the migrations themselves, on the same driver as {@link startStack}. */
export async function openBareDatabase(): Promise<BareDatabase> {
  const keys = generateKeys();
  if (defaultDriver() === "pglite") {
    const connection = await openPglite();
    await createApp(connection, keys).ensureSystemSchema();
    const { driver } = connection;
    await driver.exec(CREATE_ROLES);
    return {
      migrate: () => migrate(createApp(connection, keys)),
      apply: async (statements) => void (await driver.exec(statements)),
      query: async (sql) => (await driver.query<Record<string, unknown>>(sql)).rows,
      close: () => connection.close(),
    };
  }
  const { url, drop } = await createPostgresDatabase();
  const connection = createPostgresConnection({ url, postgresOptions: { max: 1, onnotice: () => undefined } });
  await createApp(connection, keys).ensureSystemSchema();
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  return {
    migrate: () => migrate(createApp(connection, keys)),
    apply: async (statements) => void (await client.unsafe(statements)),
    query: async (sql) => [...(await client.unsafe<Record<string, unknown>[]>(sql))],
    async close() {
      await Promise.all([connection.close(), client.end()]);
      await drop();
    },
  };
}

/** Creates an empty database on the server that DATABASE_URL names. */
async function createPostgresDatabase() {
  const serverUrl = process.env.DATABASE_URL;
  if (!serverUrl) throw new Error("The postgres driver needs DATABASE_URL: a server where databases can be created.");
  const name = `clarify_test_${Date.now()}_${randomBytes(4).toString("hex")}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;

  const administrator = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  await administrator.unsafe(CREATE_ROLES);
  await administrator.unsafe(`create database ${name}`);
  return {
    url: url.href,
    async drop() {
      await administrator.unsafe(`drop database ${name} with (force)`);
      await administrator.end();
    },
  };
}

async function openPostgres(keys: StackKeys) {
  const { url, drop } = await createPostgresDatabase();

  // The migrator sends BEGIN and COMMIT as separate statements, which needs a single connection.
  const migrating = createPostgresConnection({ url, postgresOptions: { max: 1, onnotice: () => undefined } });
  await migrate(createApp(migrating, keys));
  await migrating.close();

  const connection = createPostgresConnection({
    url,
    postgresOptions: { max: 10, onnotice: () => undefined, types: { json: jsonType(114), jsonb: jsonType(3802) } },
  });
  const sql = postgres(url, { max: 2, onnotice: () => undefined });
  return {
    connection,
    run: async (query: string, parameters: unknown[] = []): Promise<Record<string, unknown>[]> => [
      ...(await sql.unsafe<Record<string, unknown>[]>(query, parameters as postgres.ParameterOrJSON<never>[])),
    ],
    async close() {
      // Now and then the driver waits for ever for connections that are idle. Dropping the database ends them.
      await Promise.race([Promise.all([connection.close(), sql.end()]), sleep(CLOSE_MS, undefined, { ref: false })]);
      await drop();
    },
  };
}

// The server passes JSON that is text already, which this driver would encode again.
const jsonType = (oid: number) => ({
  to: oid,
  from: [oid],
  serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
  parse: (text: string): unknown => JSON.parse(text),
});

// Roles belong to the whole server, so two runs may create them at the same time.
const CREATE_ROLES = ["anon nologin", "authenticated nologin", "service_role nologin bypassrls"]
  .map(
    (role) => `do $$ begin create role ${role}; exception when duplicate_object or unique_violation then null; end $$;`,
  )
  .join("\n");
