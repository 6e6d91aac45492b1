import { describe, expect, it } from "vitest";
import { DatabaseError } from "@/server/database/errors";
import { safeError } from "@/server/telemetry/safe-error";

const SECRET = "I never told anybody about the lighthouse";

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown");
}

describe("safeError", () => {
  it.each([
    ["a parser's, which quotes its text", () => JSON.parse(SECRET)],
    ["one made of the text", () => Promise.reject(new Error(SECRET))],
    ["one whose text looks like frames", () => Promise.reject(new Error(`x\n    at ${SECRET} (file.ts:1:2)`))],
    ["one that is named after the text", () => Promise.reject(Object.assign(new Error("x"), { name: SECRET }))],
    ["one with the text in a field", () => Promise.reject(Object.assign(new Error("x"), { details: SECRET }))],
    ["one with the text as its code", () => Promise.reject(Object.assign(new Error("x"), { code: SECRET }))],
    ["one caused by the text", () => Promise.reject(new Error("x", { cause: new Error(SECRET) }))],
    ["no error at all", () => Promise.reject(SECRET)],
    ["several", () => Promise.reject(new AggregateError([new Error(SECRET)], SECRET))],
  ])("says nothing of the text in %s", async (_what, run) => {
    const error = await (async () => run())().catch((reason: unknown) => reason);
    expect(JSON.stringify(safeError(error))).not.toMatch(/never told|lighthouse/);
  });

  it("contains its type, where it was thrown, and its causes", () => {
    const cause = thrown(() => JSON.parse("{"));
    const safe = safeError(Object.assign(new TypeError(SECRET, { cause }), { code: "ECONNREFUSED" }));
    expect(safe).toMatchObject({ type: "TypeError", code: "ECONNREFUSED", cause: { type: "SyntaxError" } });
    expect(safe.stack).toContain("safe-error.test.ts");
    expect(safe).not.toHaveProperty("message");
  });

  it("keeps the messages of our own errors, which consist of codes", () => {
    expect(safeError(new DatabaseError("timeout", "57014", 500)).message).toContain("57014");
  });

  it("is limited in its chain of causes", () => {
    const error = new Error("x");
    error.cause = error;
    expect(JSON.stringify(safeError(error)).match(/"cause"/g)).toHaveLength(5);
  });
});
