import { getDeps } from "@/server/deps";
import { serveRequest } from "@/server/telemetry/serve-request";

/** Whether the app can serve, and the state of each dependency. 503 when it cannot, or is about to end. */
export function GET(request: Request): Promise<Response> {
  const deps = getDeps();
  return serveRequest(deps, request, async () => {
    const readiness = await deps.readiness();
    return Response.json(readiness, {
      status: readiness.status === "unavailable" || readiness.status === "draining" ? 503 : 200,
      headers: { "cache-control": "no-store" },
    });
  });
}
