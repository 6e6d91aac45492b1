import { parseCookieHeader } from "@supabase/ssr";
import { authenticateOrFail } from "@/server/auth/authenticate";
import { getDeps } from "@/server/deps";
import { requestIdOf } from "@/server/telemetry/request-scope";
import type { RequestContext } from "@/server/trpc/context";
import { createRequestContext } from "@/server/trpc/context";

/** The context of an HTTP request: who sent it, and an id that its log lines and errors carry. */
export async function requestContextOf(request: Request, calls = 1): Promise<RequestContext> {
  const deps = getDeps();
  const cookies = new Map(
    parseCookieHeader(request.headers.get("cookie") ?? "").map(({ name, value }) => [name, value]),
  );
  const user = await authenticateOrFail((name) => cookies.get(name), {
    verify: deps.verifyAccessToken,
    now: deps.clock.now(),
  });
  return createRequestContext(deps, {
    requestId: deps.requests.requestId ?? requestIdOf(request.headers),
    user,
    calls,
  });
}
