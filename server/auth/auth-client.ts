import type { CookieMethodsServer } from "@supabase/ssr";
import { createServerClient } from "@supabase/ssr";
import type { Asking } from "./asking-for";
import { fetchAuth } from "./auth-server";
import { sessionCookie } from "./session-cookie";

export interface AuthClientOptions {
  supabaseUrl: string;
  asking: Asking;
  cookies: CookieMethodsServer;
  /** Whether the person reached us over HTTPS. */
  secure: boolean;
  fetch?: typeof fetch | undefined;
}

export type AuthClient = ReturnType<typeof createAuthClient>;

/** A Supabase client for the sign-in, which keeps the session in the request's cookies. */
export function createAuthClient({ supabaseUrl, asking, cookies, secure, fetch = fetchAuth }: AuthClientOptions) {
  const { name, options } = sessionCookie(secure);
  const client = createServerClient(supabaseUrl, asking.apiKey, {
    cookies,
    cookieOptions: { name, ...options },
    global: { fetch, headers: asking.headers },
  });
  return client.auth;
}
