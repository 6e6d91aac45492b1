import { openAccounts } from "@/app/sign-in/accounts";
import { safeReturnPath, signInNotice } from "@/components/sign-in/return-path";
import type { AccountProblem } from "@/server/auth/accounts";
import { getDeps } from "@/server/deps";
import { serveRequest } from "@/server/telemetry/serve-request";

/**
 * Where people come back to from another service, and from the auth server's own page behind a link: with a code for a
 * session, or with an error.
 */
export function GET(request: Request): Promise<Response> {
  return serveRequest(getDeps(), request, async () => {
    const { searchParams } = new URL(request.url);
    const code = searchParams.get("code");
    if (code === null) return goTo(signInNotice(noticeOf(searchParams)));
    const result = await (await openAccounts()).exchangeCode(code);
    return goTo(result.ok ? safeReturnPath(searchParams.get("next")) : signInNotice(result.problem));
  });
}

/** Without an error, what stands there is a session for a script, which only Supabase's own mails without PKCE lead to. */
function noticeOf(params: URLSearchParams): AccountProblem {
  const code = params.get("error_code");
  if (code === "signup_disabled") return "closed";
  return code === "otp_expired" || !params.has("error") ? "linkOver" : "notFinished";
}

/** A path, and not an address, because a proxy may know this app by another name. */
function goTo(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path, "cache-control": "private, no-store" } });
}
