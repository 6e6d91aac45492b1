import { openAccounts } from "@/app/sign-in/accounts";
import { safeReturnPath, signInNotice } from "@/components/sign-in/return-path";
import { getDeps } from "@/server/deps";
import { serveRequest } from "@/server/telemetry/serve-request";

/** Redirects to the sign-in page of another service, which redirects back to /auth/callback. */
export function GET(request: Request, { params }: RouteContext<"/auth/oauth/[provider]">): Promise<Response> {
  const deps = getDeps();
  return serveRequest(deps, request, async () => {
    const asked = (await params).provider;
    const provider = deps.env.OAUTH_PROVIDERS.find((each) => each === asked);
    if (provider === undefined) return new Response(null, { status: 404 });
    const next = safeReturnPath(new URL(request.url).searchParams.get("next"));
    const address = await (await openAccounts()).signInElsewhere(provider, next);
    const location = address ?? signInNotice("tooManyAttempts");
    return new Response(null, { status: 303, headers: { location, "cache-control": "private, no-store" } });
  });
}
