import type { NextRequest } from "next/server";
import { NextResponse } from "next/server";
import { isActionForm } from "@/server/auth/action-form";
import { askingFor } from "@/server/auth/asking-for";
import { isSecure, trustedHost } from "@/server/auth/own-origin";
import { sessionCookie } from "@/server/auth/session-cookie";
import { signInAwayPage } from "@/server/auth/sign-in-away-page";
import { getDeps } from "@/server/deps";
import { createNonce, POLICY, securityHeaders } from "@/server/security-headers";
import { requestIdOf } from "@/server/telemetry/request-scope";

/** Answers to one person, or with a session in them, must not be stored or shared. */
const PERSONAL = { "cache-control": "private, no-store" };

/**
 * Renews a session that is about to end before a page or procedure reads it, because server components cannot set
 * cookies. A valid session needs no network call. The request that is passed on has the renewed session in it, or none
 * if the auth server refuses it. Every answer carries the security headers. The request carries the policy as well,
 * because Next.js reads the nonce of its scripts there.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (!(await isWellFormed(request)))
    return NextResponse.json({ error: "The form is not well-formed." }, { status: 400 });
  const { env, sessions, logger } = getDeps();
  const host = trustedHost(request.headers, env);
  if (host !== null) request.headers.set("x-forwarded-host", host);
  const secure = isSecure(request.headers, { ...env, protocol: request.nextUrl.protocol });
  const nonce = createNonce();
  const { policy, headers } = securityHeaders({ nonce, secure, development: env.NODE_ENV === "development" });
  request.headers.set(POLICY, policy);
  // The answer to a Server Action is not a document. With a new session's cookie it has to fit into the 4 kB that
  // proxies allow for headers.
  const security = request.headers.has("next-action") ? headers : { ...headers, [POLICY]: policy };

  const cookie = sessionCookie(secure);
  const tokens = await cookie.read((name) => request.cookies.get(name)?.value);
  if (tokens === null) return withHeaders(NextResponse.next({ request }), security);
  const state = await sessions.settle(tokens, askingFor(request.headers, env));
  if (state.kind === "unknown") {
    logger.warn({ requestId: requestIdOf(request.headers) }, "session not renewed: the auth server is away");
    if (wantsPage(request)) return withHeaders(signInAway(nonce), security);
  }

  const present = request.cookies.getAll().map(({ name }) => name);
  const changes =
    state.kind === "renewed" || state.kind === "ended"
      ? cookie.changes(present, state.kind === "renewed" ? state.session : null)
      : [];
  for (const { name, value } of changes) {
    if (value === null) request.cookies.delete(name);
    else request.cookies.set(name, value);
  }
  const response = withHeaders(NextResponse.next({ request }), { ...security, ...PERSONAL });
  // From `maxAge` Next.js reckons the end twice where a page redirects, and sends two cookies if a second passes in between.
  const { maxAge, ...options } = cookie.options;
  const end = new Date(Date.now() + maxAge * 1_000);
  for (const { name, value } of changes) {
    response.cookies.set(name, value ?? "", { ...options, ...(value === null ? { maxAge: 0 } : { expires: end }) });
  }
  return response;
}

/** Whether a posted form is one of our server actions'. Next.js fails on others. */
async function isWellFormed(request: NextRequest): Promise<boolean> {
  if (request.method !== "POST") return true;
  const isForm = /^multipart\/form-data/i.test(request.headers.get("content-type") ?? "");
  if (!isForm) return !request.headers.has("next-action");
  const reading = request.clone().formData();
  return reading.then(
    (form) => isActionForm(form, request.headers.has("next-action")),
    () => false,
  );
}

function withHeaders(response: NextResponse, headers: Record<string, string>): NextResponse {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** Procedures report it in their own form, and signing in or out needs its form. */
function wantsPage({ method, nextUrl: { pathname } }: NextRequest): boolean {
  return method === "GET" && pathname !== "/sign-in" && !/^\/(api|auth)\//.test(pathname);
}

function signInAway(nonce: string): NextResponse {
  const headers = { "content-type": "text/html; charset=utf-8", "retry-after": "5", ...PERSONAL };
  return new NextResponse(signInAwayPage(nonce), { status: 503, headers });
}

/** Everything but files, and routes with a secret of their own. */
export const config = { matcher: ["/((?!_next/|api/hooks|api/jobs|api/health|(?!api/).*\\.[a-z0-9]+$).*)"] };
