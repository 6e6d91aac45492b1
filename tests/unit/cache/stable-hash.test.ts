import { describe, expect, it } from "vitest";
import { stableHash } from "@/server/cache/stable-hash";

const parsed = (text: string): unknown => JSON.parse(text);

class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
}
class Secretive {
  readonly #held: number;
  constructor(held: number) {
    this.#held = held;
  }
  get held() {
    return this.#held;
  }
}
class Amount extends Secretive {
  toJSON() {
    return this.held;
  }
}

const cyclic = (name: string) => {
  const value: Record<string, unknown> = { name };
  value.self = value;
  return value;
};

/** Each is another value than all the others. */
const values: [string, () => unknown][] = [
  ["undefined", () => undefined],
  ["null", () => null],
  ["the word null", () => "null"],
  ["zero", () => 0],
  ["minus zero", () => -0],
  ["NaN", () => Number.NaN],
  ["one", () => 1],
  ["one as a word", () => "1"],
  ["one as a big integer", () => 1n],
  ["true", () => true],
  ["half a character", () => "\ud800"],
  ["a replaced character", () => "\ufffd"],
  ["an empty object", () => ({})],
  ["an empty list", () => []],
  ["a list in a list", () => [[]]],
  ["an empty map", () => new Map()],
  ["an empty set", () => new Set()],
  ["a field without a value", () => ({ a: undefined })],
  ["a date", () => new Date(0)],
  ["a date that is none", () => new Date(Number.NaN)],
  ["a pattern", () => /a/g],
  ["another pattern", () => /a/i],
  ["an address", () => new URL("https://example.com/a")],
  ["an error", () => new Error("a")],
  ["bytes", () => new Uint8Array([1, 2])],
  ["numbers", () => new Uint16Array([513])],
  ["a map by objects", () => new Map([[{ a: 1 }, 1]])],
  ["a map of a map", () => new Map([["a", new Map([["b", 1]])]])],
  ["an instance", () => new Point(1, 2)],
  ["a plain object like it", () => ({ x: 1, y: 2 })],
  ["an instance that says what it holds", () => new Amount(1)],
  ["another that does", () => new Amount(2)],
  ["a cycle", () => cyclic("a")],
  ["another cycle", () => cyclic("b")],
  ["constructor", () => parsed('{"constructor":1}')],
  ["prototype", () => parsed('{"prototype":1}')],
  ["__proto__", () => parsed('{"__proto__":1}')],
  ["__proto__ with fields", () => parsed('{"__proto__":{"a":1}}')],
  ["constructor deep inside", () => parsed('{"a":[{"constructor":{"prototype":{}}}]}')],
  ["a path with dots", () => parsed('{"a.b":1}')],
  ["a path", () => parsed('{"a":{"b":1}}')],
  ["toJSON as a word", () => parsed('{"toJSON":1}')],
  ["100,000 lists in each other", () => parsed(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)],
];

describe("the hash of an input", () => {
  it.each(values)("is the same each time and nobody else's: %s", (name, make) => {
    const hash = stableHash(make());
    expect(hash).toMatch(/^[\w-]{22}$/);
    expect(stableHash(make())).toBe(hash);
    expect(values.filter(([, other]) => stableHash(other()) === hash).map(([of]) => of)).toEqual([name]);
  });

  it("does not depend on the order of keys, at any depth", () => {
    expect(stableHash({ a: [{ b: 1, c: 2 }], d: 3 })).toBe(stableHash({ d: 3, a: [{ c: 2, b: 1 }] }));
  });

  it("is quickly made of what refers to itself many times", () => {
    let doubled: unknown = [1];
    for (let times = 0; times < 60; times += 1) doubled = [doubled, doubled];
    expect(stableHash(doubled)).toMatch(/^[\w-]{22}$/);
  });

  it.each([
    ["a function", () => () => 1],
    ["a symbol", () => Symbol("a")],
    ["a form", () => new FormData()],
    ["an instance whose fields are private", () => new Secretive(1)],
  ])("is refused for %s, of which two would look equal", (_what, make) => {
    expect(() => stableHash({ a: make() })).toThrow("A key cannot be made of a");
  });
});
