import type { AnyTRPCRouter } from "@trpc/server";
import { getTRPCErrorShape, TRPCError, transformTRPCResponse } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { BodyTooLargeError, readCapped } from "@/server/read-capped";
import type { RequestContext } from "./context";

export interface HttpHandlerOptions {
  router: AnyTRPCRouter;
  createContext(request: Request): Promise<RequestContext>;
}

/** The longest text that can be stored, a reflection of 10,000 characters, takes 60 kB at the very most. */
const MAX_BODY_KB = 256;

/**
 * Answers a tRPC call over HTTP. A body is read no further than its limit, whatever its headers promise; one that is
 * larger is refused with 413 before anything of it is parsed.
 */
export async function handleTrpcRequest(
  request: Request,
  { router, createContext }: HttpHandlerOptions,
): Promise<Response> {
  const capped = await withCappedBody(request);
  if (capped === null) return refuse(router);
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: capped,
    router,
    createContext: () => createContext(capped),
  });
}

/** The request with its body in memory, where tRPC would put it anyway; null when that would be too much. */
async function withCappedBody(request: Request): Promise<Request | null> {
  if (request.body === null) return request;
  const { url, method, headers, signal } = request;
  try {
    const body = await readCapped(request, MAX_BODY_KB * 1024);
    return new Request(url, { method, headers, signal, body });
  } catch (error) {
    if (error instanceof BodyTooLargeError) return null;
    throw error;
  }
}

/** In the form of every other error, so that the page can show it. */
function refuse(router: AnyTRPCRouter): Response {
  const config = router._def._config;
  const error = new TRPCError({
    code: "PAYLOAD_TOO_LARGE",
    message: `This is more than can be sent at once: a request can have at most ${MAX_BODY_KB} kB.`,
  });
  const shape = getTRPCErrorShape({
    config,
    error,
    type: "unknown",
    path: undefined,
    input: undefined,
    ctx: undefined,
  });
  return Response.json(transformTRPCResponse(config, { error: shape }), { status: 413 });
}
