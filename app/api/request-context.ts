import { NextRequest } from "next/server";
import { authenticateOrFail } from "@/server/auth/authenticate";
import { isSecure } from "@/server/auth/own-origin";
import { sessionCookie } from "@/server/auth/session-cookie";
import { getDeps } from "@/server/deps";
import { JUST_WROTE_COOKIE } from "@/server/just-wrote";
import { requestIdOf } from "@/server/telemetry/request-scope";
import type { RequestContext } from "@/server/trpc/context";
import { createRequestContext } from "@/server/trpc/context";

/** The context of an HTTP request: the person, and an id for its log lines and errors. */
export async function requestContextOf(request: Request, calls = 1): Promise<RequestContext> {
  const deps = getDeps();
  // Read as pages read them, so that both choose the same cookie if a name occurs twice.
  const { cookies } = new NextRequest(request.url, { headers: request.headers });
  const cookie = sessionCookie(isSecure(request.headers, deps.env));
  const user = await authenticateOrFail(cookie, (name) => cookies.get(name)?.value, {
    verify: deps.verifyAccessToken,
    now: deps.clock.now(),
  });
  return createRequestContext(deps, {
    requestId: deps.requests.requestId ?? requestIdOf(request.headers),
    user,
    justWrote: cookies.has(JUST_WROTE_COOKIE),
    calls,
  });
}
