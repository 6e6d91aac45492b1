import { describe, expect, it } from "vitest";
import type { Figures, Finding, SaidMessage, StoredMessage } from "@/tests/chaos/checks";
import { areNormal, checkConversation, differing, Findings, grows, Item } from "@/tests/chaos/checks";
import { plan, randomOf } from "@/tests/chaos/schedule";

const written = (...states: (string | null)[]) => {
  const item = new Item("item");
  item.is(states[0] ?? null);
  for (const state of states.slice(1)) item.mayBe(state);
  return item;
};

describe("what is stored of an item", () => {
  it.each([
    ["as it was acknowledged", written("new"), "new", true],
    ["as it was before an acknowledged write", written("new"), "old", false],
    ["gone", written("new"), null, false],
    ["there again after a removal", written(null), "old", false],
    ["as before a write without an answer", written("old", "new"), "old", true],
    ["as a write without an answer has it", written("old", "new"), "new", true],
    ["something else", written("old", "new"), "other", false],
  ])("%s", (_what, item, state, fine) => {
    const stored = new Map(state === null ? [] : [["item", state]]);
    expect(differing([item], stored).length === 0).toBe(fine);
  });
});

describe("what is stored of a conversation", () => {
  const said: SaidMessage = {
    id: "m",
    content: "Hello",
    acknowledged: true,
    complete: { id: "r", content: "Good day" },
  };
  const message: StoredMessage = { id: "m", role: "user", content: "Hello", replyTo: null };
  const reply: StoredMessage = { id: "r", role: "assistant", content: "Good day", replyTo: "m" };
  const find = (stored: StoredMessage[], told = said) => {
    const found: Finding[] = [];
    checkConversation([told], stored, new Findings((finding) => found.push(finding)));
    return found.map(({ check }) => check);
  };

  it("may be what its person was told", () => {
    expect(find([message, reply])).toEqual([]);
    expect(find([], { ...said, acknowledged: false, complete: null })).toEqual([]);
  });

  it.each([
    ["a message that is gone", [reply], "an acknowledged write is missing"],
    ["a message stored twice", [message, { ...message, id: "n" }, reply], "a message is stored twice"],
    ["a message answered twice", [message, reply, { ...reply, id: "s" }], "a message is answered twice"],
    ["a reply that is gone", [message], "a reply that was shown as complete is missing"],
    [
      "a reply of other words",
      [message, { ...reply, content: "Good" }],
      "a reply that was shown as complete is missing",
    ],
  ])("is found: %s", (_what, stored, check) => {
    expect(find(stored)).toEqual([check]);
  });
});

describe("figures", () => {
  const before = { p95: 100, failures: 0 };
  it("are normal while they are about what they were", () => {
    const normal = (now: Figures, busy = false) => areNormal(now, before, { busy });
    expect(normal({ p95: 240, failures: 0 })).toBe(true);
    expect(normal({ p95: 500, failures: 0 })).toBe(false);
    expect(normal({ p95: 500, failures: 0 }, true)).toBe(true);
    expect(normal({ p95: 100, failures: 1 }, true)).toBe(false);
  });
});

describe("memory", () => {
  const samples = (mb: (index: number) => number, count = 300) =>
    Array.from({ length: count }, (_, index) => mb(index));

  it("grows when it is higher all the time at the end", () => {
    expect(grows(samples((index) => 300 + index * 0.3))).toBe(true);
    expect(grows(samples((index) => 300 + (index % 10) * 20))).toBe(false);
    expect(grows(samples((index) => (index < 75 ? 150 : 400)))).toBe(false);
  });

  it("may grow by a quarter and a little in a short run, which is all warming up", () => {
    expect(grows(samples((index) => 300 + index * 3, 25))).toBe(false);
    expect(grows(samples((index) => 300 + index * 12, 25))).toBe(true);
  });
});

describe("a plan", () => {
  it("is the same for the same seed, and another one for another", () => {
    expect(plan(1, { long: true })).toEqual(plan(1, { long: true }));
    expect(plan(1, { long: true })).not.toEqual(plan(2, { long: true }));
    const draws = (seed: number) => Array.from({ length: 5 }, randomOf(seed, 3));
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
  });

  it("has every target fail, one fault after the other, with every kind of fault in a long run", () => {
    const { faults, faultsMs } = plan(5, { long: true });
    for (const target of ["data", "auth", "model", "redis", "memory of redis"]) {
      const own = faults.filter((planned) => planned.target === target);
      expect(own.length).toBeGreaterThan(20);
      for (const [index, { at, forMs }] of own.entries()) {
        expect(at + forMs).toBeLessThanOrEqual(own[index + 1]?.at ?? faultsMs);
      }
    }
    const kinds = new Set(faults.map(({ fault }) => fault.kind));
    for (const kind of ["delay", "hang", "refuse", "error", "html", "flap", "lost", "cut", "corrupt", "drip"]) {
      expect(kinds).toContain(kind);
    }
    for (const kind of ["truncated", "nonsense", "flush"]) expect(kinds).toContain(kind);
  });
});
