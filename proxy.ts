import type { NextRequest } from "next/server";
import { NextResponse } from "next/server";
import { createAuthClient } from "@/server/auth/auth-client";
import { needsRefresh, readSessionCookie } from "@/server/auth/session-cookie";
import { getDeps } from "@/server/deps";
import { requestIdOf } from "@/server/telemetry/request-scope";

/**
 * Refreshes a session that is about to expire, before a page or procedure reads it: server components cannot set
 * cookies. A session that is still good passes without any network call.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { env, clock, logger } = getDeps();
  const tokens = await readSessionCookie((name) => request.cookies.get(name)?.value);
  if (tokens === null || !needsRefresh(tokens, clock.now())) return NextResponse.next();

  let response = NextResponse.next({ request });
  const client = createAuthClient({
    supabaseUrl: env.SUPABASE_URL,
    publishableKey: env.SUPABASE_PUBLISHABLE_KEY,
    secure: request.nextUrl.protocol === "https:",
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll: (changed) => {
        for (const { name, value } of changed) request.cookies.set(name, value);
        response = NextResponse.next({ request });
        for (const { name, value, options } of changed) response.cookies.set(name, value, options);
      },
    },
  });
  const { error } = await client.auth.getSession();
  if (error)
    logger.warn(
      { requestId: requestIdOf(request.headers), code: error.code, status: error.status },
      "session not refreshed",
    );
  return response;
}

export const config = { matcher: ["/((?!_next/|api/hooks|api/jobs|api/metrics|api/health|favicon.ico).*)"] };
