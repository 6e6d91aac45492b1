import { signOut } from "@/app/sign-in/accounts";
import { isFromElsewhere } from "@/server/auth/own-origin";
import { getDeps } from "@/server/deps";
import { serveRequest } from "@/server/telemetry/serve-request";

/**
 * Ends the session on this device. It is not a Server Action, whose name changes with every build: a tab that is older
 * than the server must be able to sign out. Forms on other sites cannot send JSON, and scripts on other sites may not.
 */
export function POST(request: Request): Promise<Response> {
  return serveRequest(getDeps(), request, async () => {
    if (request.headers.get("content-type") !== "application/json") return new Response(null, { status: 415 });
    if (isFromElsewhere(request.headers)) return new Response(null, { status: 403 });
    await signOut();
    return Response.json({ signedIn: false }, { headers: { "cache-control": "private, no-store" } });
  });
}
