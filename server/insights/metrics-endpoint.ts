import { carriesSecret } from "@/server/auth/bearer-secret";
import type { ProcessTelemetry } from "@/server/telemetry/telemetry";
import { PROMETHEUS_CONTENT_TYPE } from "@/server/telemetry/telemetry";

export interface MetricsEndpointOptions {
  telemetry: Pick<ProcessTelemetry, "prometheus">;
  /** The bearer token that a scraper sends. Without one, only operators may read. */
  token: string | undefined;
  /** Whether the request comes from a signed-in operator. Called only if the request has no valid token. */
  fromOperator: () => Promise<boolean>;
}

/** Answers a scraper or an operator with all metrics of this process. 401 for others; 404 if no token is configured. */
export async function handleMetrics(request: Request, options: MetricsEndpointOptions): Promise<Response> {
  const { telemetry, token, fromOperator } = options;
  const allowed = (token !== undefined && carriesSecret(request, token)) || (await fromOperator());
  if (allowed) {
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
