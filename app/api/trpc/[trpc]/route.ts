import { requestContextOf } from "@/app/api/request-context";
import { getDeps } from "@/server/deps";
import { appRouter } from "@/server/router";
import { serveRequest } from "@/server/telemetry/serve-request";
import { handleTrpcRequest } from "@/server/trpc/http-handler";

/** Seconds a serverless function may live: the longest reply, and what is stored behind it. */
export const maxDuration = 150;

const handler = (request: Request) =>
  serveRequest(getDeps(), request, () =>
    handleTrpcRequest(request, { router: appRouter, createContext: requestContextOf }),
  );

export { handler as GET, handler as POST };
