import type { Logger } from "./logger";
import type { RequestScope } from "./request-scope";
import { requestIdOf } from "./request-scope";

/**
 * Answers a request in a scope of its own: its log lines and its answer carry its id. An unexpected error is logged and
 * answered with 500, without details.
 */
export function serveRequest(
  { requests, logger }: { requests: RequestScope; logger: Logger },
  request: Request,
  handle: () => Promise<Response>,
): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  return requests.run({ requestId, justWrote: false }, async () => {
    const response = await handle().catch((err: unknown) => {
      logger.error({ path: new URL(request.url).pathname, err }, "request failed");
      return Response.json({ error: "Something went wrong on our side.", requestId }, { status: 500 });
    });
    response.headers.set("x-request-id", requestId);
    return response;
  });
}
