import { randomInt } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { appRouter } from "@/server/router";
import { createRequestContext } from "@/server/trpc/context";
import { handleTrpcRequest } from "@/server/trpc/http-handler";
import { createLife } from "@/tests/support/database/life";
import type { Person } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { DeclaredProcedure, InputSchema } from "@/tests/support/procedures";
import { procedures } from "@/tests/support/procedures";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

// Every procedure, called over HTTP with input that no page would send. FUZZ_REQUESTS and FUZZ_SEED make it longer, or
// the same again.

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 1_000);
const SEED = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const ENGINE_WORDS =
  /Cannot (read|set|convert)|is not a function|Unexpected (token|end)|JSON at position|call stack|Invalid array length/;

/** Texts that mean something to some layer below. */
const oddTexts = fc.constantFrom(
  ...["", " ", "\u0000", "\ud800", "\u202e", "__proto__", "constructor", "null", "NaN", "infinity", "-infinity"],
  ...["2026-02-31", "0000-01-01", "%", "\\", "'", '"', "{}", "[]", "<script>", "$1", "../..", "e\u0301".repeat(300)],
  ...["x".repeat(20_000), "😀".repeat(4_000), "Asia/Jerusalem", "UTC+99", "eyJhIjoxfQ", "WyIyMDI2IiwieCJd"],
);

/** What a field takes, and what is close to it. */
function fieldValue(schema: InputSchema): fc.Arbitrary<unknown> {
  if (schema.properties) {
    const fields = Object.entries(schema.properties).map(([name, field]) => [name, fieldValue(field)] as const);
    const required = schema.required ?? [];
    const whole = fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
    const partly = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
    return fc.oneof({ weight: 6, arbitrary: whole }, { weight: 1, arbitrary: partly });
  }
  const right = rightValue(schema);
  return fc.oneof(
    { weight: 8, arbitrary: right },
    { weight: 1, arbitrary: oddTexts },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
}

function rightValue({
  anyOf,
  items,
  enum: values,
  type,
  format,
  minItems,
  maxItems,
  ...limits
}: InputSchema): fc.Arbitrary<unknown> {
  if (anyOf) return fc.oneof(...anyOf.map(fieldValue));
  if (values) return fc.constantFrom(...values);
  if (items)
    return fc.array(fieldValue(items), { minLength: minItems ?? 0, maxLength: Math.min((maxItems ?? 20) + 1, 110) });
  switch (type) {
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "integer": {
      const { minimum = 0, maximum = 2 ** 31 } = limits;
      return fc.oneof(
        fc.integer({ min: minimum, max: maximum }),
        fc.constantFrom(minimum - 1, maximum + 1, 0.5, 1e308),
      );
    }
    case "string": {
      if (format === "uuid")
        return fc.oneof(
          fc.constantFrom(...known),
          fc.uuid(),
          fc.uuid().map((id) => id.toUpperCase()),
        );
      if (format === "date")
        return fc.constantFrom("2027-05-31", "2028-02-29", "0001-01-01", "9999-12-31", "2027-02-29");
      const { maxLength = 30 } = limits;
      const short = fc.string({ unit: "binary", maxLength: Math.min(maxLength, 60) });
      return fc.oneof(
        short,
        fc.constantFrom("x".repeat(maxLength), "😀".repeat(maxLength), "x".repeat(maxLength + 1), "he"),
      );
    }
    default:
      throw new Error(`A field is of a type without values here: ${type}`);
  }
}

/** Ids of rows that the person has. Filled before the first request is made. */
const known: string[] = [];

const hostile: fc.Arbitrary<string> = fc.oneof(
  // Instructions to revive, as superjson would follow them.
  fc.constantFrom(
    '{"json":{"a":200000000},"meta":{"values":{"a":[["typed-array","Uint8Array"]]}}}',
    '{"json":200000000,"meta":{"values":[["typed-array","Float64Array"]]}}',
    '{"json":{"length":1000000000},"meta":{"values":["set"]}}',
    '{"json":{"a":1},"meta":{"values":{"__proto__.x":["Date"]}}}',
    `{"json":{"a":{}},"meta":{"referentialEqualities":{"a":[${'"a.b",'.repeat(300)}"a"]}}}`,
    '{"length":1000000000}',
    '{"__proto__":{"sessionId":"x"}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"prototype":1}',
    "null",
    "",
    "0",
    '"\\ud800"',
    "{",
    "\u0000",
    "NaN",
    `${"[".repeat(3_000)}${"]".repeat(3_000)}`,
    `{"a":${'{"a":'.repeat(500)}1${"}".repeat(500)}}`,
    JSON.stringify(Array.from({ length: 3_000 }, (_, index) => index)),
    JSON.stringify({ sessionId: "x".repeat(10_000) }),
  ),
  fc.jsonValue({ maxDepth: 6 }).map((value) => JSON.stringify(value)),
  // The names of declared fields, with values of every kind.
  fc
    .dictionary(
      fc.constantFrom(
        "sessionId",
        "id",
        "content",
        "title",
        "cursor",
        "limit",
        "dreamId",
        "status",
        "email",
        "name",
        "sections",
      ),
      fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.uuid(),
        fc.constantFrom(
          "infinity",
          "2026-02-31",
          "\u0000",
          "\ud83d",
          -1,
          1e308,
          { at: "infinity", id: "x" },
          { at: "", id: null },
        ),
      ),
      { maxKeys: 5 },
    )
    .map((value) => JSON.stringify(value)),
);

interface Call {
  path: string;
  type: string;
  input: string;
}

const noSuchPath: fc.Arbitrary<DeclaredProcedure> = fc
  .constantFrom("constructor", "__proto__", "dreams", "dreams.list.x", "%E0%A4%A", "x".repeat(5_000))
  .map((path) => ({ path, type: "query", input: null }));

const call: fc.Arbitrary<Call> = fc
  .oneof({ weight: 20, arbitrary: fc.constantFrom(...procedures) }, { weight: 1, arbitrary: noSuchPath })
  .chain(({ path, type, input: schema }) => {
    const likely = schema === null ? hostile : fieldValue(schema).map((value) => JSON.stringify(value));
    const input = fc.oneof({ weight: 1, arbitrary: hostile }, { weight: 2, arbitrary: likely });
    return input.map((text) => ({ path, type, input: text }));
  });

const request: fc.Arbitrary<Request> = fc
  .record({
    calls: fc.oneof(
      { weight: 6, arbitrary: fc.array(call, { minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.array(call, { minLength: 2, maxLength: 40 }) },
    ),
    batch: fc.boolean(),
    wrongMethod: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    type: fc.constantFrom(
      "application/json",
      "application/json",
      "application/json",
      "text/plain",
      "multipart/form-data; boundary=x",
      "application/octet-stream",
    ),
    stream: fc.boolean(),
  })
  .map(({ calls, batch, wrongMethod, type, stream }) => {
    const many = batch || calls.length > 1;
    const path = calls.map((each) => each.path).join(",");
    const input = many
      ? `{${calls.map((each, index) => `"${index}":${each.input || "null"}`).join(",")}}`
      : (calls[0]?.input ?? "");
    const post = (calls[0]?.type === "mutation") !== wrongMethod;
    const query = new URLSearchParams({ ...(many && { batch: "1" }), ...(!post && { input }) });
    const headers = { "content-type": type, ...(stream && { "trpc-accept": "application/jsonl" }) };
    return new Request(`http://clarify.test/api/trpc/${path}?${query}`, {
      headers,
      ...(post && { method: "POST", body: input }),
    });
  });

let app: TestApp;
let person: Person;
beforeAll(async () => {
  const stack = inject("stack");
  app = createTestApp({ stack, messagesPerMinute: 1_000_000 });
  const life = await createLife(stack, createSqlClient(stack));
  person = life.person;
  known.push(...Object.values(life.ids));
});
afterAll(() => app.backgroundDone());

/** How long an answer may take, in milliseconds: far more than a busy machine needs, and far less than a hang. */
const MOST_MS = 15_000;

it(`answers every request with a short 4xx or an answer, and none late (seed ${SEED})`, {
  timeout: 600_000,
}, async () => {
  const createContext = async (_request: Request, calls: number) =>
    createRequestContext(app.services, { requestId: "fuzz", user: person, calls });
  const statuses = new Set<number>();
  for (const sent of fc.sample(request, { seed: SEED, numRuns: REQUESTS })) {
    const what = `${sent.method} ${decodeURIComponent(encodeURIComponent(sent.url)).slice(0, 500)}`;
    const begun = performance.now();
    const response = await handleTrpcRequest(sent, { router: appRouter, createContext });
    const text = await response.text();
    expect(performance.now() - begun, what).toBeLessThan(MOST_MS);
    expect(response.status, `${what}\n${text.slice(0, 500)}`).toBeLessThan(500);
    expect(text, what).not.toContain('"httpStatus":500');
    expect(text, what).not.toMatch(ENGINE_WORDS);
    statuses.add(response.status);
    if (response.status >= 400) expect(text.length, what).toBeLessThanOrEqual(4_096);
  }
  // Not all were refused for the same reason.
  for (const status of [200, 400, 404, 405, 415]) expect(statuses).toContain(status);
});
