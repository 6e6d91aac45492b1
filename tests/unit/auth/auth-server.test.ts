import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AUTH_TIMEOUT_MS, createSessionRenewal, endSession } from "@/server/auth/auth-server";
import { AuthUnreachableError } from "@/server/auth/unreachable";

const session = {
  access_token: "a",
  refresh_token: "r",
  expires_in: 3_600,
  expires_at: 1_900_000_000,
  user: { id: "noa" },
};

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** An auth server that gives every request the same answer, or none. */
async function authServer(answer: { status: number; body: string } | null) {
  const requests: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const arrived = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
    arrived.resolve();
    if (answer) response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: { url: `http://127.0.0.1:${port}`, publishableKey: "key" },
    requests,
    headers,
    arrived: arrived.promise,
  };
}

describe("createSessionRenewal", () => {
  it("brings the session in the auth server's own words", async () => {
    const { address } = await authServer({ status: 200, body: JSON.stringify(session) });
    expect(await createSessionRenewal(address)("refresh")).toEqual({ kind: "renewed", session });
  });

  it("asks with its own key, or on behalf of a visitor", async () => {
    const { address, headers } = await authServer({ status: 200, body: JSON.stringify(session) });
    const renew = createSessionRenewal(address);
    await renew("refresh");
    await renew("refresh", { apiKey: "secret", headers: { "sb-forwarded-for": "192.0.2.1" } });
    expect(headers).toMatchObject([{ apikey: "key" }, { apikey: "secret", "sb-forwarded-for": "192.0.2.1" }]);
    expect(headers[0]).not.toHaveProperty("sb-forwarded-for");
  });

  it.each([
    [400, { error_code: "refresh_token_not_found" }, "refused"],
    [400, { error: "invalid_grant" }, "refused"],
    [403, { error_code: "session_not_found" }, "refused"],
    [401, { message: "Invalid API key" }, "unreachable"],
    [429, { error_code: "over_request_rate_limit" }, "unreachable"],
    [404, {}, "unreachable"],
    [500, { error_code: "unexpected_failure" }, "unreachable"],
    [200, { access_token: "half a session" }, "unreachable"],
  ])("takes %i %j for %s", async (status, body, kind) => {
    const { address } = await authServer({ status, body: JSON.stringify(body) });
    expect(await createSessionRenewal(address)("refresh")).toEqual({ kind });
  });

  it.each([200, 400, 503])("takes a gateway's page with %i for an outage, after one request", async (status) => {
    const { address, requests } = await authServer({ status, body: "<html>Bad gateway</html>" });
    expect(await createSessionRenewal(address)("refresh")).toEqual({ kind: "unreachable" });
    expect(requests).toEqual(["POST /auth/v1/token?grant_type=refresh_token"]);
  });

  it("gives up an auth server that hangs, at its deadline", async () => {
    const deadline = new AbortController();
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(deadline.signal);
    const { address, arrived } = await authServer(null);
    const renewal = createSessionRenewal(address)("refresh");
    await arrived;
    deadline.abort();
    expect(await renewal).toEqual({ kind: "unreachable" });
    expect(timeout).toHaveBeenCalledWith(AUTH_TIMEOUT_MS);
  });
});

describe("endSession", () => {
  const clock = () => {
    const pauses: number[] = [];
    return { pauses, pause: async (ms: number) => void pauses.push(ms) };
  };

  it.each([
    [204, ""],
    [403, JSON.stringify({ error_code: "session_not_found" })],
    [403, JSON.stringify({ code: "user_not_found" })],
  ])("is content with %i %s", async (status, body) => {
    const { address, requests } = await authServer({ status, body });
    await endSession(address, "token", clock());
    expect(requests).toEqual(["POST /auth/v1/logout?scope=local"]);
  });

  it.each([
    [401, JSON.stringify({ error_code: "no_authorization" }), "no_authorization"],
    [429, "{}", "http_429"],
    [503, "<html>Bad gateway</html>", "http_503"],
  ])("tries three times where it is answered %i %s, and says so", async (status, body, code) => {
    const { address, requests } = await authServer({ status, body });
    const waits = clock();
    await expect(endSession(address, "token", waits)).rejects.toMatchObject({ name: "AuthRefusedError", code });
    expect(requests).toHaveLength(3);
    expect(waits.pauses).toEqual([2_000, 2_000]);
  });

  it("reports that the server could not be reached", async () => {
    const address = { url: "http://127.0.0.1:1", publishableKey: "key" };
    await expect(endSession(address, "token", clock())).rejects.toThrow(AuthUnreachableError);
  });
});
