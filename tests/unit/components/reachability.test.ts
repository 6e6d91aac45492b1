import { createTRPCClient, httpBatchStreamLink } from "@trpc/client";
import { describe, expect, it } from "vitest";
import { codeOf } from "@/components/trpc/errors";
import { createReachability } from "@/components/trpc/reachability";
import type { AppRouter } from "@/server/router";
import { transformer } from "@/server/trpc/transport";

/** How the page's client treats an answer. */
async function call(answer: () => Response | Promise<Response>, signal?: AbortSignal) {
  const reachability = createReachability();
  const client = createTRPCClient<AppRouter>({
    links: [
      httpBatchStreamLink({
        url: "http://app/api/trpc",
        transformer,
        fetch: (_input, init) => reachability.watch((async () => answer())(), init?.signal ?? null),
      }),
    ],
  });
  const input = { sessionId: crypto.randomUUID() };
  const error: unknown = await client.sessions.get
    .query(input, { ...(signal && { signal }) })
    .catch((reason) => reason);
  return { code: codeOf(error), reachable: reachability.reachable() };
}

const html = (status: number) => () =>
  new Response("<h1>Bad gateway</h1>", { status, headers: { "content-type": "text/html" } });

describe("the server", () => {
  it.each([
    ["no connection", () => Promise.reject(new TypeError("Failed to fetch"))],
    ["a proxy's 502", html(502)],
    ["a proxy's 503", html(503)],
    ["a proxy's 504", html(504)],
    ["a portal's page", html(200)],
    ["an empty answer", () => new Response(null, { status: 204 })],
  ])("is not reached by %s", async (_what, answer) => {
    expect(await call(answer)).toEqual({ code: "OFFLINE", reachable: false });
  });

  it("is reached when it refuses", async () => {
    const shape = { message: "No", code: -32001, data: { code: "UNAUTHORIZED", httpStatus: 401 } };
    const body = JSON.stringify({ error: transformer.output.serialize(shape) });
    const answer = () => new Response(body, { status: 401, headers: { "content-type": "application/json" } });
    expect((await call(answer)).reachable).toBe(true);
  });

  it("still counts as reachable when the page itself aborted the request", async () => {
    const leaving = new AbortController();
    const answer = () => {
      leaving.abort();
      return Promise.reject(new DOMException("", "AbortError"));
    };
    expect((await call(answer, leaving.signal)).reachable).toBe(true);
  });
});
