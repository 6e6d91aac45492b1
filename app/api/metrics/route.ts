import { requestContextOf } from "@/app/api/request-context";
import { isOperator } from "@/server/auth/operator";
import { getDeps } from "@/server/deps";
import { handleMetrics } from "@/server/insights/metrics-endpoint";
import { serveRequest } from "@/server/telemetry/serve-request";

export function GET(request: Request): Promise<Response> {
  const deps = getDeps();
  return serveRequest(deps, request, () =>
    handleMetrics(request, {
      telemetry: deps.telemetry,
      token: deps.env.METRICS_TOKEN,
      fromOperator: async () => isOperator((await requestContextOf(request)).user, deps.env),
    }),
  );
}
