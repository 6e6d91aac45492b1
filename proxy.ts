import type { NextRequest } from "next/server";
import { NextResponse } from "next/server";
import { isSecure, trustedHost } from "@/server/auth/own-origin";
import { readSessionCookie, sessionCookieChanges, sessionCookieOptions } from "@/server/auth/session-cookie";
import { signInAwayPage } from "@/server/auth/sign-in-away-page";
import { getDeps } from "@/server/deps";
import { requestIdOf } from "@/server/telemetry/request-scope";

/** What answers a person, or hands them a session, is nobody else's to keep. */
const PERSONAL = "private, no-store";

/**
 * Renews a session that is about to end, before a page or procedure reads it: server components cannot set cookies. A
 * session that is still good passes without any network call. What passes on in place of the request has the renewed
 * session in it, or none where the auth server refuses it.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { env, sessions, logger } = getDeps();
  const host = trustedHost(request.headers, env);
  if (host !== null) request.headers.set("x-forwarded-host", host);

  const tokens = await readSessionCookie((name) => request.cookies.get(name)?.value);
  if (tokens === null) return NextResponse.next({ request });
  const state = await sessions.settle(tokens);
  if (state.kind === "unknown") {
    logger.warn({ requestId: requestIdOf(request.headers) }, "session not renewed: the auth server is away");
    if (wantsPage(request)) return signInAway();
  }

  const changes =
    state.kind === "renewed" || state.kind === "ended"
      ? sessionCookieChanges(
          request.cookies.getAll().map(({ name }) => name),
          state.kind === "renewed" ? state.session : null,
        )
      : [];
  for (const { name, value } of changes) {
    if (value === null) request.cookies.delete(name);
    else request.cookies.set(name, value);
  }
  const response = NextResponse.next({ request });
  response.headers.set("cache-control", PERSONAL);
  const options = sessionCookieOptions(isSecure(request.headers, { ...env, protocol: request.nextUrl.protocol }));
  for (const { name, value } of changes) {
    response.cookies.set(name, value ?? "", value === null ? { ...options, maxAge: 0 } : options);
  }
  return response;
}

/** Procedures say it in their own form, and whoever signs in or out needs the form for it. */
function wantsPage({ method, nextUrl: { pathname } }: NextRequest): boolean {
  return method === "GET" && pathname !== "/sign-in" && !pathname.startsWith("/api/");
}

function signInAway(): NextResponse {
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": PERSONAL, "retry-after": "5" };
  return new NextResponse(signInAwayPage(), { status: 503, headers });
}

/** All but files, and what carries a secret of its own. */
export const config = { matcher: ["/((?!_next/|api/hooks|api/jobs|api/health|(?!api/).*\\.[a-z0-9]+$).*)"] };
