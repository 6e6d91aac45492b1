import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { describe, expect, it } from "vitest";
import { toModelFailure } from "@/server/model/failure";
import { SilenceError } from "@/server/model/silence";

const NOW = Date.UTC(2026, 10, 25, 12);

const answered = (status: number | undefined, type: string | null, headers = {}) =>
  new APIError(status, type ? { error: { type, message: "a secret" } } : undefined, undefined, new Headers(headers));

describe("a failed call of the model", () => {
  it.each([
    ["an event of a stream, which has no status", answered(undefined, "overloaded_error"), "overloaded", true],
    ["a status without a body", answered(529, null), "overloaded", true],
    ["a gateway that waited too long", answered(504, null), "stalled", true],
    ["a model that does not exist", answered(404, "not_found_error"), "unauthorized", false],
    ["an account without money", answered(402, null), "unauthorized", false],
    ["a request of too many bytes", answered(413, "request_too_large"), "too_long", false],
    ["a status that nobody knows", answered(418, "teapot_error"), "rejected", false],
    ["a server that broke", answered(500, "api_error"), "broken", true],
    ["no connection", new APIConnectionError({ message: "no" }), "unreachable", true],
    ["silence before the answer", new APIConnectionError({ cause: new SilenceError() }), "stalled", true],
    ["silence within it", new SilenceError(), "stalled", true],
    ["a connection that was cut", new TypeError("terminated"), "broken", true],
  ])("by %s has its name", (_what, error, code, passing) => {
    expect(toModelFailure(error, NOW)).toMatchObject({ code, passing });
  });

  it.each([
    [{}, null],
    [{ "retry-after-ms": "1500" }, 1_500],
    [{ "retry-after": "12" }, 12_000],
    [{ "retry-after": new Date(NOW + 60_000).toUTCString() }, 60_000],
    [{ "retry-after": new Date(NOW - 60_000).toUTCString() }, 0],
    [{ "retry-after": "soon" }, null],
  ])("that says %o may be tried again then", (headers, retryAfterMs) => {
    expect(toModelFailure(answered(429, "rate_limit_error", headers), NOW).retryAfterMs).toBe(retryAfterMs);
  });

  it("is not tried again if its server says so", () => {
    const error = answered(529, "overloaded_error", { "x-should-retry": "false" });
    expect(toModelFailure(error, NOW).passing).toBe(false);
  });
});
