import { cookies } from "next/headers";
import { openAccounts } from "@/app/sign-in/accounts";
import { warmContext } from "@/app/warm-context";
import { FOLLOWED_COOKIE, FOLLOWED_COOKIE_OPTIONS } from "@/components/sign-in/followed-cookie";
import { firstPath, safeReturnPath, signInNotice } from "@/components/sign-in/return-path";
import type { AccountProblem } from "@/server/auth/accounts";
import { getDeps } from "@/server/deps";
import { serveRequest } from "@/server/telemetry/serve-request";

/** Other services, and the auth server's own page for links, redirect here with a code for a session or with an error. */
export function GET(request: Request): Promise<Response> {
  return serveRequest(getDeps(), request, async () => {
    const { searchParams } = new URL(request.url);
    const code = searchParams.get("code");
    if (code === null) return goTo(signInNotice(noticeOf(searchParams)));
    const result = await (await openAccounts()).exchangeCode(code);
    if (!result.ok) return goTo(signInNotice(result.problem));
    (await cookies()).set(FOLLOWED_COOKIE, "1", FOLLOWED_COOKIE_OPTIONS);
    const asked = searchParams.get("next");
    const next = result.isNew ? firstPath(asked) : safeReturnPath(asked);
    await warmContext(next);
    return goTo(next);
  });
}

/** Without an error, the address has its session in the fragment, which happens only for mails that did not use PKCE. */
function noticeOf(params: URLSearchParams): AccountProblem {
  const code = params.get("error_code");
  if (code === "signup_disabled") return "closed";
  return code === "otp_expired" || !params.has("error") ? "linkOver" : "notFinished";
}

/** Redirects to a path and not to an address, because a proxy may reach the app under another name. */
function goTo(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path, "cache-control": "private, no-store" } });
}
