import { requestContextOf } from "@/app/api/request-context";
import { BUILD_HEADER } from "@/server/build-header";
import { getDeps } from "@/server/deps";
import { appRouter } from "@/server/router";
import { serveRequest } from "@/server/telemetry/serve-request";
import { handleTrpcRequest } from "@/server/trpc/http-handler";

/** How long a serverless function may run, in seconds: the longest reply, and what is stored after it. */
export const maxDuration = 150;

async function handler(request: Request): Promise<Response> {
  const deps = getDeps();
  const response = await serveRequest(deps, request, () =>
    handleTrpcRequest(request, { router: appRouter, createContext: requestContextOf }),
  );
  if (deps.buildId !== null) response.headers.set(BUILD_HEADER, deps.buildId);
  return response;
}

export { handler as GET, handler as POST };
