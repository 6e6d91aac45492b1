import { BUILD_HEADER } from "@/server/build-header";
import { getDeps } from "@/server/deps";

/** Whether the process is alive, regardless of its dependencies. */
export function GET(): Response {
  const { buildId } = getDeps();
  const headers = { "cache-control": "no-store", ...(buildId !== null && { [BUILD_HEADER]: buildId }) };
  return Response.json({ status: "alive" }, { headers });
}

export const dynamic = "force-dynamic";
