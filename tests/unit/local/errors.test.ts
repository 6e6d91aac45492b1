import { describe, expect, test } from "vitest";
import { DatabaseError, isTimeout, toDatabaseError } from "@/server/database/errors";

describe("the database's errors, by code", () => {
  test.each([
    ["no row where one was asked for", 406, "PGRST116", "not_found"],
    ["a session that is not the caller's", 404, "PT404", "not_found"],
    ["a reference to a row that is gone", 409, "23503", "not_found"],
    ["an id that is taken", 409, "23505", "conflict"],
    ["a message id that is taken", 409, "PT409", "conflict"],
    ["a check that failed, hosted", 400, "23514", "invalid"],
    ["a null where none may be", 400, "23502", "invalid"],
    ["a malformed uuid", 400, "22P02", "invalid"],
    ["an argument out of range", 400, "22023", "invalid"],
    ["a query that cannot be parsed", 400, "PGRST100", "invalid"],
    ["a policy", 403, "42501", "forbidden"],
    ["an expired token", 401, "PGRST303", "forbidden"],
    ["a statement timeout", 500, "57014", "timeout"],
    ["a function that is not there", 404, "PGRST202", "unavailable"],
    ["too many connections", 503, "53300", "unavailable"],
    ["a failover", 500, "57P01", "unavailable"],
  ] as const)("%s", (_name, status, sqlState, code) => {
    const error = { code: sqlState, message: "x", details: null, hint: null };
    expect(toDatabaseError({ status, error })).toMatchObject({ code, sqlState, status });
  });

  test("a check that failed, embedded: it has no code for it", () => {
    const message = 'error: new row for relation "dreams" violates check constraint "dreams_title_check"';
    expect(toDatabaseError({ status: 500, error: { code: "SUP", message } }).code).toBe("invalid");
    expect(toDatabaseError({ status: 500, error: { code: "SUP", message: "out of memory" } }).code).toBe("unavailable");
  });

  test.each([
    ["TypeError: fetch failed", "unavailable"],
    ["AbortError: This operation was aborted", "aborted"],
    ["TimeoutError: The operation was aborted due to timeout", "timeout"],
    ["LoadTimeoutError: too late", "timeout"],
  ] as const)("no answer: %s", (message, code) => {
    expect(toDatabaseError({ status: 0, error: { code: "", message } }).code).toBe(code);
  });

  test("an error status without a readable error", () => {
    expect(toDatabaseError({ status: 500, error: null })).toMatchObject({ code: "unavailable", sqlState: null });
  });
});

test("nothing of a row gets into the error", () => {
  const secret = "I never told anyone";
  const error = toDatabaseError({
    status: 400,
    error: { code: "23514", message: `bad value: ${secret}`, details: `Failing row contains (${secret})` },
  });
  expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain(secret);
});

test.each([
  ["the database's timeout", new DatabaseError("timeout"), true],
  ["an aborted signal", new DOMException("aborted", "AbortError"), true],
  ["a signal that timed out", new DOMException("late", "TimeoutError"), true],
  ["another failure of the database", new DatabaseError("unavailable"), false],
  ["an error", new Error("timeout"), false],
  ["no error", "timeout", false],
])("is it a timeout: %s", (_name, error, expected) => {
  expect(isTimeout(error)).toBe(expected);
});
