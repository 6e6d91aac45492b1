import type { ProcessTelemetry } from "@/server/telemetry/telemetry";
import { PROMETHEUS_CONTENT_TYPE } from "@/server/telemetry/telemetry";
import type { Onlooker } from "./may-look";
import { mayLook } from "./may-look";

export interface MetricsEndpointOptions extends Onlooker {
  telemetry: Pick<ProcessTelemetry, "prometheus">;
}

/** Answers a scraper or an operator with all metrics of this process. 401 for others; 404 if no token is configured. */
export async function handleMetrics(request: Request, options: MetricsEndpointOptions): Promise<Response> {
  const { telemetry, token } = options;
  if (await mayLook(request, options)) {
    return new Response(await telemetry.prometheus(), {
      headers: { "content-type": PROMETHEUS_CONTENT_TYPE, "cache-control": "private, no-store" },
    });
  }
  if (token === undefined) return Response.json({ error: "Not found" }, { status: 404 });
  return Response.json(
    { error: "The bearer token is missing or wrong." },
    { status: 401, headers: { "www-authenticate": "Bearer" } },
  );
}
