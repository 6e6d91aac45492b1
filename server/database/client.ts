import { PostgrestClient } from "@supabase/postgrest-js";
import type { SupabaseClient } from "@supabase/supabase-js";
import { createClient } from "@supabase/supabase-js";
import type { Database } from "./types";
import type { WriteScope } from "./write-scope";
import { WRITE_ID_HEADER } from "./write-scope";

/** How long a person's call may take, in milliseconds, its answer read to the end. They are waiting for it. */
export const TIMEOUT_MS = 5_000;
/** The same for a call of the jobs, which read more at once. */
export const JOB_TIMEOUT_MS = 10_000;

/** The database as one person: every query runs under their row-level security. */
export type UserDatabase = Pick<PostgrestClient<Database>, "from" | "rpc">;

export interface UserDatabaseOptions {
  url: string;
  publishableKey: string;
  accessToken: string;
  /** Which write the requests are part of, where the database tells of changed rows. */
  writes?: Pick<WriteScope, "writeId">;
  fetch?: typeof fetch;
}

/** Opens the database as whoever an access token belongs to. */
export type OpenUserDatabase = (accessToken: string) => UserDatabase;

/**
 * Opens the database as the person whose access token is given, with the token used as it is. Made per request, so it is
 * the part of supabase-js that queries and nothing else of it: no sign-in, no sockets, no storage.
 */
export function openUserDatabase(options: UserDatabaseOptions): UserDatabase {
  const { url, publishableKey, accessToken, writes } = options;
  const send = overWire(options.fetch, writes, TIMEOUT_MS);
  return new PostgrestClient<Database>(`${url.replace(/\/$/, "")}/rest/v1`, {
    headers: { apikey: publishableKey, authorization: `Bearer ${accessToken}` },
    fetch: send,
    // It would try a read four times, and so take several deadlines. Whether to try again is for whoever asked.
    retry: false,
  });
}

/** The database past row-level security, as the functions that only the secret key may call; for the jobs alone. */
export type ServiceDatabase = Pick<SupabaseClient<Database>, "from" | "rpc">;

export interface ServiceDatabaseOptions {
  url: string;
  secretKey: string;
  /** Which write the requests are part of, where the database tells of changed rows. */
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

/** How every call of the database is sent, and what is taken for its answer. */
function overWire(
  send: typeof fetch = globalThis.fetch,
  writes: Pick<WriteScope, "writeId"> | undefined,
  timeoutMs: number,
): typeof fetch {
  const named = namingWrites(withDeadline(send, timeoutMs), writes);
  return async (input, init) => onlyFromTheApi(await named(input, init));
}

/** Gives a call up after a time, also while its answer is being read. A caller's own signal can only shorten that. */
function withDeadline(send: typeof fetch, timeoutMs: number): typeof fetch {
  return (input, init) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    return send(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline });
  };
}

/** Says of each request which write it is part of. */
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
 * supabase-js takes an empty 404 for "no row". A proxy or a wrong address answers just that, and an outage must not
 * look like an empty life: a success or a 404 that is not in the API's own form becomes a failure.
 */
function onlyFromTheApi(response: Response): Response {
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const mayBeEmpty = response.status === 201 || response.status === 204;
  if (isJson || mayBeEmpty || (!response.ok && response.status !== 404)) return response;
  return Response.json({ message: `HTTP ${response.status} that is not from the database's API` }, { status: 502 });
}
