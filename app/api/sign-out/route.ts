import { signOut } from "@/app/sign-in/accounts";
import { getDeps } from "@/server/deps";
import { serveRequest } from "@/server/telemetry/serve-request";

/**
 * Ends the session on this device. Not a Server Action, whose name changes with every build: a tab that is older than the
 * server has to be able to sign out. A form of another site cannot send JSON, and its scripts may not.
 */
export function POST(request: Request): Promise<Response> {
  return serveRequest(getDeps(), request, async () => {
    if (request.headers.get("content-type") !== "application/json") return new Response(null, { status: 415 });
    await signOut();
    return Response.json({ signedIn: false }, { headers: { "cache-control": "private, no-store" } });
  });
}
