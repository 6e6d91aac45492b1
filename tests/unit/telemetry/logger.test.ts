import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createLogger } from "@/server/telemetry/logger";
import { asPartOfThis, RequestScope, requestIdOf } from "@/server/telemetry/request-scope";
import { serveRequest } from "@/server/telemetry/serve-request";

function createWorld() {
  const lines: string[] = [];
  const requests = new RequestScope();
  const logger = createLogger("trace", { destination: { write: (line) => lines.push(line) }, requests });
  return { requests, logger, lines, last: () => JSON.parse(lines.at(-1) ?? "null") };
}

describe("the logger", () => {
  it("writes one JSON line each, with the service and the part that wrote it", () => {
    const { logger, lines, last } = createWorld();
    logger.child({ part: "cache" }).warn({ state: "open" }, "cache breaker");
    expect(lines).toHaveLength(1);
    expect(last()).toMatchObject({ service: "clarify", part: "cache", state: "open", msg: "cache breaker" });
  });

  it.each([
    [{ content: "secret words" }],
    [{ message: { text: "secret words" } }],
    [{ request: { headers: { authorization: "secret words", cookie: "secret words" } } }],
    [{ password: "secret words", user: { email: "secret words" } }],
    [{ dream: { title: "secret words", description: "secret words" } }],
    [{ err: new Error("secret words") }],
    [{ error: new Error("secret words") }],
  ])("writes nothing of what a person wrote or keeps secret: %o", (fields) => {
    const { logger, lines } = createWorld();
    logger.error(fields, "it happened");
    expect(lines[0]).toContain("it happened");
    expect(lines[0]).not.toContain("secret words");
  });

  it("adds the request's id to each of its lines, also to later ones of its background work", async () => {
    const { requests, logger, last } = createWorld();
    const cacheLogger = logger.child({ part: "cache" });
    logger.info("outside");
    expect(last()).not.toHaveProperty("requestId");
    let later: (() => void) | undefined;
    await requests.run({ requestId: "r1", justWrote: false }, async () => {
      await nextTurn();
      cacheLogger.info("inside");
      expect(last()).toMatchObject({ part: "cache", requestId: "r1" });
      later = asPartOfThis(() => logger.info("later"));
    });
    requests.run({ requestId: "r2", justWrote: false }, () => later?.());
    expect(last()).toMatchObject({ msg: "later", requestId: "r1" });
    logger.info("outside again");
    expect(last()).not.toHaveProperty("requestId");
  });
});

describe("requestIdOf", () => {
  it("takes the id that a request came with, if it is one", () => {
    expect(requestIdOf(new Headers({ "x-request-id": "fra1::abc-1" }))).toBe("fra1::abc-1");
    expect(requestIdOf(new Headers({ "x-vercel-id": "fra1::abc-2" }))).toBe("fra1::abc-2");
  });

  it.each(["", "a b", '"},{"level":60', "x".repeat(129)])("makes one in place of %o", (given) => {
    expect(requestIdOf(new Headers({ "x-request-id": given }))).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("serveRequest", () => {
  const request = new Request("http://app/api/thing?content=secret", { headers: { "x-request-id": "r7" } });

  it("gives the answer and the lines of a request its id", async () => {
    const { requests, logger, last } = createWorld();
    const response = await serveRequest({ requests, logger }, request, async () => {
      logger.info("served");
      return Response.json({ fine: true });
    });
    expect(response.headers.get("x-request-id")).toBe("r7");
    expect(last()).toMatchObject({ msg: "served", requestId: "r7" });
  });

  it("answers an unexpected error with its id only, and logs where it was thrown", async () => {
    const { requests, logger, lines, last } = createWorld();
    const response = await serveRequest({ requests, logger }, request, async () => JSON.parse("secret words"));
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: "Something went wrong on our side.", requestId: "r7" });
    expect(last()).toMatchObject({ path: "/api/thing", requestId: "r7", err: { type: "SyntaxError" } });
    expect(lines.join()).not.toContain("secret");
  });
});
