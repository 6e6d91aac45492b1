import { TRPCError } from "@trpc/server";
import { describe, expect, it, vi } from "vitest";
import { toPublicError } from "@/server/trpc/errors";

// Next.js bundles the process's own parts, the pages and the route handlers separately, each with its own copy of every
// class.

async function ofAnotherBundle() {
  vi.resetModules();
  const { AuthUnreachableError } = await import("@/server/auth/unreachable");
  const { ShuttingDownError } = await import("@/server/conversation/running-replies");
  const { DatabaseError } = await import("@/server/database/errors");
  const { tooManyMessages } = await import("@/server/limits/limit-error");
  return { AuthUnreachableError, ShuttingDownError, DatabaseError, tooManyMessages };
}
const other = await ofAnotherBundle();

describe("an error that another bundle threw", () => {
  it.each([
    ["PRECONDITION_FAILED", "Clarify is restarting. Please try again in a moment.", new other.ShuttingDownError()],
    [
      "SERVICE_UNAVAILABLE",
      "Signing in isn't working right now. Please try again in a moment.",
      new other.AuthUnreachableError(),
    ],
    ["TOO_MANY_REQUESTS", "You're sending messages too fast. Please wait 3 seconds.", other.tooManyMessages(3_000)],
    ["GATEWAY_TIMEOUT", "The database did not answer in time. Please try again.", new other.DatabaseError("timeout")],
  ])("reaches the person as %s, in its own words", (code, message, error) => {
    expect(toPublicError(error)).toMatchObject({ code, message });
    const wrapped = new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: error });
    expect(toPublicError(wrapped)).toMatchObject({ code, message });
  });
});

it("hides the message of an internal error", () => {
  const message = "Something went wrong on our side. Please try again.";
  expect(toPublicError(new Error("row 7"))).toMatchObject({ code: "INTERNAL_SERVER_ERROR", message });
});
