import { PostgrestClient } from "@supabase/postgrest-js";
import type { SupabaseClient } from "@supabase/supabase-js";
import { createClient } from "@supabase/supabase-js";
import type { Database } from "./types";

/** The database as one person: every query runs under their row-level security. */
export type UserDatabase = Pick<PostgrestClient<Database>, "from" | "rpc">;

export interface UserDatabaseOptions {
  url: string;
  publishableKey: string;
  accessToken: string;
  fetch?: typeof fetch;
}

/** Opens the database as whoever an access token belongs to. */
export type OpenUserDatabase = (accessToken: string) => UserDatabase;

/**
 * Opens the database as the person whose access token is given, with the token used as it is. Made per request, so it is
 * the part of supabase-js that queries and nothing else of it: no sign-in, no sockets, no storage.
 */
export function openUserDatabase({ url, publishableKey, accessToken, ...options }: UserDatabaseOptions): UserDatabase {
  const send = options.fetch ?? globalThis.fetch;
  return new PostgrestClient<Database>(`${url.replace(/\/$/, "")}/rest/v1`, {
    headers: { apikey: publishableKey, authorization: `Bearer ${accessToken}` },
    fetch: async (input, init) => onlyFromTheApi(await send(input, init)),
  });
}

/** The database past row-level security, as the functions that only the secret key may call; for the jobs alone. */
export type ServiceDatabase = Pick<SupabaseClient<Database>, "from" | "rpc">;

export interface ServiceDatabaseOptions {
  url: string;
  secretKey: string;
  fetch?: typeof fetch;
}

export function openServiceDatabase(options: ServiceDatabaseOptions): ServiceDatabase {
  const send = options.fetch ?? globalThis.fetch;
  return createClient<Database>(options.url, options.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: async (input, init) => onlyFromTheApi(await send(input, init)) },
  });
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
