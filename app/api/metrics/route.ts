import { onlookerOf } from "@/app/api/onlooker";
import { getDeps } from "@/server/deps";
import { handleMetrics } from "@/server/insights/metrics-endpoint";
import { serveRequest } from "@/server/telemetry/serve-request";

export function GET(request: Request): Promise<Response> {
  const deps = getDeps();
  return serveRequest(deps, request, () =>
    handleMetrics(request, { telemetry: deps.telemetry, ...onlookerOf(request) }),
  );
}
