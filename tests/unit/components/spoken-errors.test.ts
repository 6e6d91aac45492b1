import { globSync, readFileSync } from "node:fs";
import { TRPCClientError } from "@trpc/client";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { expect, it } from "vitest";
import { describeError, refusedFields } from "@/components/trpc/errors";
import { en } from "@/components/words/en";
import { he } from "@/components/words/he";

/** The codes that the server names anywhere but in the cache, which only classifies them. */
function codesOfServer(): string[] {
  const sources = globSync("server/**/*.ts", { exclude: ["server/cache/**"] }).map((file) =>
    readFileSync(file, "utf8"),
  );
  return Object.keys(TRPC_ERROR_CODES_BY_KEY).filter((code) => sources.some((text) => text.includes(`"${code}"`)));
}

const answered = (code: string, fields = {}) =>
  TRPCClientError.from({
    error: {
      message: "As the server says.",
      code: -32_000,
      data: { code, fields, requestId: "r", retryAfterMs: null, reason: null },
    },
  });

it.each(codesOfServer())("a Hebrew page says in Hebrew what %s means", (code) => {
  const { message, reason } = describeError(answered(code), he);
  expect(message).toMatch(/[\u0590-\u05ff]/);
  expect(reason).toBe(message);
});

it("an English page says what the server says", () => {
  expect(describeError(answered("CONFLICT"), en).message).toBe("As the server says.");
});

it("describes a refused field in the language of the page", () => {
  const error = answered("BAD_REQUEST", { title: "A title contains characters that cannot be stored." });
  expect(refusedFields(error, he)).toEqual({ title: he.problems.refused });
  expect(refusedFields(error, en)).toEqual({ title: "A title contains characters that cannot be stored." });
  expect(refusedFields(new Error("lost"), he)).toEqual({});
});
