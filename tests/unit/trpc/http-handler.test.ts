import { createTRPCClient, httpBatchStreamLink } from "@trpc/client";
import { TRPCError } from "@trpc/server";
import superjson from "superjson";
import { beforeEach, describe, expect, it } from "vitest";
import type { AppRouter } from "@/server/router";
import { appRouter } from "@/server/router";
import { handleTrpcRequest } from "@/server/trpc/http-handler";
import { transformer } from "@/server/trpc/transport";

const URL = "http://clarify.test/api/trpc/messages.send?batch=1";
const LIMIT = 256 * 1024;

/** The requests that reached authentication; none of these people is signed in. */
const passed: Request[] = [];
beforeEach(() => {
  passed.length = 0;
});

const handle = (request: Request) =>
  handleTrpcRequest(request, {
    router: appRouter,
    async createContext(capped) {
      passed.push(capped);
      throw new TRPCError({ code: "UNAUTHORIZED" });
    },
  });

function post(body: NonNullable<RequestInit["body"]>, init: RequestInit = {}): Request {
  const headers = { "content-type": "application/json", ...init.headers };
  const options: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half", ...init, headers };
  return new Request(URL, options);
}

/** An endless body in pieces of 16 kB that counts how much of it was read. */
function endless() {
  const source = { taken: 0, left: false, stream: new ReadableStream<Uint8Array>() };
  source.stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        source.taken += 16 * 1024;
        controller.enqueue(new Uint8Array(16 * 1024).fill(32));
      },
      cancel() {
        source.left = true;
      },
    },
    { highWaterMark: 0 },
  );
  return source;
}

describe("a request's body", () => {
  it("of 256 kB reaches the router", async () => {
    const response = await handle(post(JSON.stringify({ 0: null }).padEnd(LIMIT)));
    expect(response.status).toBe(401);
  });

  it("of one byte more is refused with 413, and names the limit", async () => {
    const response = await handle(post("{}".padEnd(LIMIT + 1)));
    expect(response.status).toBe(413);
    expect(superjson.deserialize((await response.json()).error)).toMatchObject({
      message: expect.stringContaining("256 kB"),
      data: { code: "PAYLOAD_TOO_LARGE", httpStatus: 413 },
    });
    expect(passed).toEqual([]);
  });

  it("that is not UTF-8 is refused with 400, and says so", async () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc3],
    ]) {
      const response = await handle(post(new Uint8Array(bytes)));
      expect(response.status).toBe(400);
      expect(superjson.deserialize((await response.json()).error)).toMatchObject({
        message: "A request's body has to be UTF-8.",
      });
    }
    expect(passed).toEqual([]);
  });

  it("in a stream is read no further than the limit", async () => {
    const body = endless();
    expect((await handle(post(body.stream))).status).toBe(413);
    expect(body.left).toBe(true);
    expect(body.taken).toBeLessThanOrEqual(LIMIT + 16 * 1024);
  });

  it("that promises to be large is not read at all", async () => {
    const body = endless();
    expect((await handle(post(body.stream, { headers: { "content-length": String(LIMIT + 1) } }))).status).toBe(413);
    expect(body.taken).toBe(0);
  });

  it("that is refused is an error like any other to the page's client", async () => {
    const fetch = (input: RequestInfo | globalThis.URL, init?: object) => handle(new Request(input, init));
    const link = httpBatchStreamLink({ url: "http://clarify.test/api/trpc", transformer, fetch });
    const client = createTRPCClient<AppRouter>({ links: [link] });
    const id = "00000000-0000-4000-8000-000000000000";
    await expect(client.messages.send.mutate({ sessionId: id, id, content: "x".repeat(LIMIT) })).rejects.toMatchObject({
      data: { code: "PAYLOAD_TOO_LARGE" },
      message: expect.stringContaining("256 kB"),
    });
  });

  it("passes on the request's signal, so that a disconnect is noticed", async () => {
    const leaving = new AbortController();
    await handle(post("{}", { signal: leaving.signal }));
    leaving.abort();
    expect(passed[0]?.signal.aborted).toBe(true);
  });
});

describe("a request from another site", () => {
  const sent = (site: string, init: RequestInit) =>
    handle(new Request(URL, { ...init, headers: { ...init.headers, "sec-fetch-site": site } }));
  const json = { "content-type": "application/json" };

  it.each(["cross-site", "same-site"])("calls no mutation: %s", async (site) => {
    const response = await sent(site, { method: "POST", body: "{}", headers: json });
    expect(response.status).toBe(403);
    expect(passed).toHaveLength(0);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])(
    "calls none by a form either: %s",
    async (type) => {
      expect((await sent("", { method: "POST", body: "{}", headers: { "content-type": type } })).status).toBe(415);
      expect(passed).toHaveLength(0);
    },
  );

  it("cannot call a mutation by a link", async () => {
    const get = new Request("http://clarify.test/api/trpc/dreams.remove?input={}", {
      headers: { "sec-fetch-site": "cross-site" },
    });
    expect((await handle(get)).status).toBe(405);
  });
});
