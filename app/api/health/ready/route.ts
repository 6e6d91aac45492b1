import { onlookerOf } from "@/app/api/onlooker";
import { getDeps } from "@/server/deps";
import { handleReadiness } from "@/server/insights/readiness-endpoint";
import { serveRequest } from "@/server/telemetry/serve-request";

/** Whether the app can serve, for a probe. Operators get the state of each dependency as well. */
export function GET(request: Request): Promise<Response> {
  const deps = getDeps();
  return serveRequest(deps, request, () =>
    handleReadiness(request, { readiness: deps.readiness, ...onlookerOf(request) }),
  );
}
