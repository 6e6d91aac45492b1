import type { CookieMethodsServer } from "@supabase/ssr";
import { createServerClient } from "@supabase/ssr";
import { SESSION_COOKIE } from "./session-cookie";

export interface AuthClientOptions {
  supabaseUrl: string;
  publishableKey: string;
  cookies: CookieMethodsServer;
  /** Whether the person reached us over HTTPS. */
  secure: boolean;
}

/** A Supabase client that keeps the session in the request's cookies; used to sign in, out, and to refresh. */
export function createAuthClient({ supabaseUrl, publishableKey, cookies, secure }: AuthClientOptions) {
  return createServerClient(supabaseUrl, publishableKey, {
    cookies,
    cookieOptions: {
      name: SESSION_COOKIE,
      path: "/",
      sameSite: "lax",
      httpOnly: true,
      secure,
      maxAge: 60 * 60 * 24 * 365,
    },
  });
}
