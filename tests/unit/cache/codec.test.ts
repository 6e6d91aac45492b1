import fc from "fast-check";
import superjson from "superjson";
import { describe, expect, test } from "vitest";
import { createCache } from "@/server/cache";
import { decode, encode } from "@/server/cache/codec";
import { memory } from "@/server/cache/memory";

const RUNS = Number(process.env.CLARIFY_PROPERTY_RUNS ?? 1_000);

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined)),
    fc.oneof(fc.date(), fc.bigInt(), fc.constant(-0), fc.constant(Number.POSITIVE_INFINITY)),
    fc.uniqueArray(fc.string()).map((items) => new Set(items)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => !["__proto__", "constructor", "prototype"].includes(key)),
      tie("value"),
      {
        maxKeys: 4,
        noNullPrototype: true,
      },
    ),
  ),
})).value;

describe("the codec", () => {
  test("returns what superjson returns, by either way of encoding", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decode(encode(value))).toEqual(superjson.parse(superjson.stringify(value)));
        expect(decode(superjson.stringify(value))).toEqual(superjson.parse(encode(value)));
      }),
      { numRuns: RUNS },
    );
  });

  test("a value with a Date in it keeps the Date and the rest", () => {
    const value = {
      rows: [
        { id: 1, at: new Date(0) },
        { id: 2, at: undefined },
      ],
      total: 2n,
    };
    expect(decode(encode(value))).toEqual(value);
  });

  test("every reader gets a value of their own", () => {
    const payload = encode({ rows: [{ title: "before" }] });
    const first = decode<{ rows: { title: string }[] }>(payload);
    first.rows[0] = { title: "changed" };
    expect(decode(payload)).toEqual({ rows: [{ title: "before" }] });
  });

  test("a cycle is kept", () => {
    const node: { self?: unknown } = {};
    node.self = node;
    const back = decode<typeof node>(encode(node));
    expect(back.self).toBe(back);
  });

  test.each(["", "{", "5", "null", '"text"'])("%j is garbage", (payload) => {
    expect(() => decode(payload)).toThrow();
  });
});

describe("a cache that checks values", () => {
  class Owner {
    readonly name = "Noa";
  }

  test.each<[string, unknown, string | undefined]>([
    ["an instance of a class", { rows: [{ id: 1 }, { id: 2, owner: new Owner() }] }, "value.rows[1].owner"],
    ["a function", { rows: [], reload: () => 1 }, "value.reload"],
    [
      "what superjson carries",
      { at: new Date(0), tags: new Set(["a"]), sum: 2n, none: undefined, deep: [[1]] },
      undefined,
    ],
  ])("reports where %s comes back as something else", async (_what, value, path) => {
    const reported: string[] = [];
    const cache = createCache({
      store: memory(),
      checkValues: true,
      observer: (event) => event.type === "value-changed" && reported.push(event.path),
    });
    await cache.getOrSet("k", async () => value, { ttlMs: 60_000, version: 1 });
    expect(reported).toEqual(path === undefined ? [] : [path]);
  });
});
