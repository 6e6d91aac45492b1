import { PostgrestClient } from "@supabase/postgrest-js";
import type { SupabaseClient } from "@supabase/supabase-js";
import { createClient } from "@supabase/supabase-js";
import type { Database } from "./types";
import type { WriteScope } from "./write-scope";
import { WRITE_ID_HEADER } from "./write-scope";

/** The deadline of a call that a person waits for, in milliseconds, until its answer has been read. */
export const TIMEOUT_MS = 5_000;
/** The deadline of a call of the jobs, which read more at once. */
export const JOB_TIMEOUT_MS = 10_000;

/** The database as one person: every query runs under their row-level security. */
export type UserDatabase = Pick<PostgrestClient<Database>, "from" | "rpc">;

export interface UserDatabaseOptions {
  url: string;
  publishableKey: string;
  accessToken: string;
  /** The write that the requests are part of. The database reports its id with the changed rows. */
  writes?: Pick<WriteScope, "writeId">;
  fetch?: typeof fetch;
}

/** Opens the database as the owner of an access token. */
export type OpenUserDatabase = (accessToken: string) => UserDatabase;

/**
 * Opens the database as the owner of an access token, which is used as it is. Called for each request, so it uses only
 * the part of supabase-js that queries: no sign-in, no sockets, no storage.
 */
export function openUserDatabase(options: UserDatabaseOptions): UserDatabase {
  const { url, publishableKey, accessToken, writes } = options;
  const send = overWire(options.fetch, writes, TIMEOUT_MS);
  return new PostgrestClient<Database>(`${url.replace(/\/$/, "")}/rest/v1`, {
    headers: { apikey: publishableKey, authorization: `Bearer ${accessToken}` },
    fetch: send,
    // supabase-js would try a read four times, and so take several deadlines. The caller decides whether to try again.
    retry: false,
  });
}

/** The database without row-level security, as the functions that only the secret key may call. Only for the jobs. */
export type ServiceDatabase = Pick<SupabaseClient<Database>, "from" | "rpc">;

export interface ServiceDatabaseOptions {
  url: string;
  secretKey: string;
  /** The write that the requests are part of. The database reports its id with the changed rows. */
  writes?: Pick<WriteScope, "writeId">;
  fetch?: typeof fetch;
}

export function openServiceDatabase(options: ServiceDatabaseOptions): ServiceDatabase {
  return createClient<Database>(options.url, options.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: overWire(options.fetch, options.writes, JOB_TIMEOUT_MS) },
    db: { retry: false },
  });
}

/** How every call of the database is sent, and which answers are accepted. */
function overWire(
  send: typeof fetch = globalThis.fetch,
  writes: Pick<WriteScope, "writeId"> | undefined,
  timeoutMs: number,
): typeof fetch {
  const named = namingWrites(withDeadline(send, timeoutMs), writes);
  return async (input, init) => onlyFromTheApi(await named(input, init));
}

/**
 * Aborts a call after its deadline, also while its answer is being read. The caller's own signal can only shorten that.
 */
function withDeadline(send: typeof fetch, timeoutMs: number): typeof fetch {
  return (input, init) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    return send(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline });
  };
}

/** Adds the id of the current write to each request. */
function namingWrites(send: typeof fetch, writes: Pick<WriteScope, "writeId"> | undefined): typeof fetch {
  return (input, init) => {
    const id = writes?.writeId;
    if (id === undefined) return send(input, init);
    const headers = new Headers(init?.headers);
    headers.set(WRITE_ID_HEADER, id);
    return send(input, { ...init, headers });
  };
}

/**
 * supabase-js reads an empty 404 as "no row". A proxy or a wrong address answers like that, and an outage must not look
 * like an account without data: a success or a 404 that is not in the API's own form becomes a failure.
 */
function onlyFromTheApi(response: Response): Response {
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const mayBeEmpty = response.status === 201 || response.status === 204;
  if (isJson || mayBeEmpty || (!response.ok && response.status !== 404)) return response;
  return Response.json({ message: `HTTP ${response.status} that is not from the database's API` }, { status: 502 });
}
