import { fileURLToPath } from "node:url";
import type { Connection, EmailDriver } from "@supabase/lite";
import { App } from "@supabase/lite";
import { applyPendingMigrations } from "@supabase/lite/cli";
import { serveOnLoopback } from "./api-server";
import type { StackKeys } from "./keys";
import type { Queue } from "./queue";
import { createQueue } from "./queue";
import type { HasRoom } from "./room";

export interface StackOptions {
  connection: Connection;
  keys: StackKeys;
  /** PGlite is a single connection, so requests have to take turns. See {@link serveStack}. */
  turns: boolean;
  mail: StackMail;
  /** Asked before each request that writes. Default: there is. */
  hasRoom?: HasRoom;
}

/** How the stack sends mail, and what the links in it lead to. */
export interface StackMail {
  driver: EmailDriver;
  /** The origin of the app. */
  siteUrl: string;
  /** Whether an account works only after its address is confirmed. */
  confirms: boolean;
}

export interface Stack {
  url: string;
  /** Runs a task while no request uses the database. */
  exclusively: Queue;
  /** Stops serving. The connection stays open. */
  close(): Promise<void>;
}

const SERVED = /^\/(rest|auth)\/v1(\/|$)/;

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** As PostgreSQL says it. */
const DISK_FULL = { code: "53100", message: "No space left on device", details: null, hint: "Check free disk space." };

const template = (name: string) => fileURLToPath(new URL(`../../supabase/templates/${name}.html`, import.meta.url));

/** The same mails as in supabase/config.toml for a hosted project. */
const TEMPLATES = {
  confirmation: { subject: "Confirm your address", content_path: template("confirmation") },
  magic_link: { subject: "Your link to sign in", content_path: template("magic_link") },
  recovery: { subject: "Choose a new password", content_path: template("recovery") },
};

/** The Supabase API over a connection: no admin mode, only data and auth. Without `mail` for migrations only. */
export function createApp(connection: Connection, keys: StackKeys, mail?: StackMail): App {
  return new App({
    connection,
    auth: {
      enabled: true,
      jwt_secret: keys.jwtSecret,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
      enable_signup: true,
      minimum_password_length: 8,
      email: { enable_signup: true, enable_confirmations: mail?.confirms ?? false, template: TEMPLATES },
      ...(mail && { site_url: mail.siteUrl }),
    },
    studio: { enabled: false },
    options: { server: { admin: false }, ...(mail && { drivers: { email: mail.driver } }) },
  });
}

/**
 * Applies the missing migrations, in the order of supabase/migrations.
 * @returns the names of those that were applied.
 */
export async function migrate(app: App): Promise<string[]> {
  const { applied, skipped } = await applyPendingMigrations(app);
  if (applied.length + skipped.length === 0) {
    throw new Error(`No migrations in ${process.cwd()}/supabase/migrations: run this from the project's folder.`);
  }
  // As on hosted Supabase, so that functions with the rights of their caller can ask who the caller is.
  await app.connection.exec("grant usage on schema auth to anon, authenticated, service_role");
  return applied.map((migration) => migration.filename);
}

/**
 * Serves the API on a free port of the loopback interface.
 *
 * The server sets the caller's role and identity with separate statements at the start of each transaction, and does
 * not separate requests on a connection: over PGlite, which has only one, the requests of two people would mix. With
 * `turns`, a request waits until the one before it has finished.
 */
export async function serveStack({
  connection,
  keys,
  turns,
  mail,
  hasRoom = async () => true,
}: StackOptions): Promise<Stack> {
  const app = createApp(connection, keys, mail);
  const queue: Queue = turns ? createQueue() : (task) => task();

  async function handle(request: Request): Promise<Response> {
    if (!SERVED.test(new URL(request.url).pathname)) return Response.json({ message: "Not served" }, { status: 404 });
    if (!READS.has(request.method) && !(await hasRoom())) return Response.json(DISK_FULL, { status: 507 });
    const received = await withBody(request);
    return queue(async () => {
      if (request.signal.aborted) return new Response(null, { status: 499 });
      return app.fetch(received, { peerAddress: null });
    });
  }

  const server = await serveOnLoopback(handle);
  // The first request makes the server read the schema and set up the API's roles.
  await fetch(`${server.url}/rest/v1/users?select=id&limit=1`, { headers: { apikey: keys.publishableKey } });
  return { url: server.url, exclusively: queue, close: server.close };
}

/** The request with its body already read, so that a slow sender blocks nobody else. */
async function withBody(request: Request): Promise<Request> {
  if (request.body === null) return request;
  const { method, headers, url, signal } = request;
  return new Request(url, { method, headers, signal, body: await request.arrayBuffer() });
}
