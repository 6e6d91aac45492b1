import type { Readiness } from "@/server/telemetry/readiness";
import type { Onlooker } from "./may-look";
import { mayLook } from "./may-look";

export interface ReadinessEndpointOptions extends Onlooker {
  readiness: () => Promise<Readiness>;
}

/**
 * Says whether the app can serve: 200, or 503 when it cannot or is about to end. Operators and callers with the token also
 * get the state of each dependency. While the sign-in service cannot be reached, nobody counts as an operator.
 */
export async function handleReadiness(request: Request, options: ReadinessEndpointOptions): Promise<Response> {
  const [readiness, inDetail] = await Promise.all([options.readiness(), mayLook(request, options).catch(() => false)]);
  const { status } = readiness;
  return Response.json(inDetail ? readiness : { status }, {
    status: status === "unavailable" || status === "draining" ? 503 : 200,
    headers: { "cache-control": "private, no-store" },
  });
}
