import { TRPCClientError } from "@trpc/client";
import { describe, expect, it } from "vitest";
import { failureWords, toFailure, whenWords } from "@/components/conversation/turn/turn";
import { english } from "../../support/english";

const refused = (data: { code: string; retryAfterMs: number | null }) =>
  TRPCClientError.from({
    error: {
      message: "As the server says. Please wait.",
      code: -32_000,
      data: { requestId: null, reason: "As the server says.", ...data },
    },
  });

describe("why a reply failed", () => {
  it("has the server's own message if there is one", () => {
    const failure = toFailure(refused({ code: "SERVICE_UNAVAILABLE", retryAfterMs: null }), 1_000, english.words);
    expect(failure).toEqual({ message: "As the server says.", offline: false, cutShort: false, retryAt: null });
    expect(failureWords(failure, 1_000, english)).toBe("As the server says.");
  });

  it("is the connection's when no answer came, and is tried again automatically", () => {
    const failure = toFailure(TRPCClientError.from(new TypeError("Failed to fetch")), 1_000, english.words);
    expect(failure).toMatchObject({ offline: true, retryAt: null });
  });

  it("is the connection's when the process is about to end", () => {
    const failure = toFailure(refused({ code: "PRECONDITION_FAILED", retryAfterMs: null }), 1_000, english.words);
    expect(failure).toMatchObject({ offline: true, retryAt: null });
  });

  it("is not the connection's when the model failed, because sending again automatically would fail again and again", () => {
    const failure = toFailure(refused({ code: "BAD_GATEWAY", retryAfterMs: null }), 1_000, english.words);
    expect(failure).toMatchObject({ offline: false, message: "As the server says." });
  });

  it("gives the time to wait by the page's own clock, at least a second", () => {
    const failure = toFailure(refused({ code: "TOO_MANY_REQUESTS", retryAfterMs: 12_400 }), 1_000, english.words);
    expect(failure).toMatchObject({ offline: false, cutShort: false, retryAt: 13_400 });
    expect(failureWords(failure, 1_000, english)).toBe("As the server says. Try again in 13 seconds.");
    expect(failureWords(failure, 60_000, english)).toContain("in 1 second.");
  });

  it("gives a long wait in minutes, and one of hours as a time of day", () => {
    expect(whenWords(90_000, { now: 0, form: "short" }, english)).toBe("in 90 s");
    expect(whenWords(91_000, { now: 0, form: "short" }, english)).toBe("in 2 min");
    expect(whenWords(60 * 60_000, { now: 0, form: "long" }, english)).toBe("in 60 minutes");
    expect(whenWords(5 * 60 * 60_000, { now: 0, form: "long" }, english)).toMatch(/^at \d/);
  });
});
