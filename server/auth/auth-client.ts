import type { CookieMethodsServer } from "@supabase/ssr";
import { createServerClient } from "@supabase/ssr";
import { fetchAuth } from "./auth-server";
import { sessionCookie } from "./session-cookie";

export interface AuthClientOptions {
  supabaseUrl: string;
  publishableKey: string;
  cookies: CookieMethodsServer;
  /** Whether the person reached us over HTTPS. */
  secure: boolean;
}

/** A Supabase client that keeps the session in the request's cookies; used to sign in and up. */
export function createAuthClient({ supabaseUrl, publishableKey, cookies, secure }: AuthClientOptions) {
  const { name, options } = sessionCookie(secure);
  return createServerClient(supabaseUrl, publishableKey, {
    cookies,
    cookieOptions: { name, ...options },
    global: { fetch: fetchAuth },
  });
}
