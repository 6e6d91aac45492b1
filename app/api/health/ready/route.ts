import { getDeps } from "@/server/deps";
import { serveRequest } from "@/server/telemetry/serve-request";

/** Whether the app can serve, and how everything that it depends on is: 503 only when it cannot. */
export function GET(request: Request): Promise<Response> {
  const deps = getDeps();
  return serveRequest(deps, request, async () => {
    const readiness = await deps.readiness();
    return Response.json(readiness, {
      status: readiness.status === "unavailable" ? 503 : 200,
      headers: { "cache-control": "no-store" },
    });
  });
}
