import { expect, it } from "vitest";
import type { Act } from "@/tests/bench/people/behaviour";
import { dayOf, randomFrom } from "@/tests/bench/people/behaviour";
import { dollarsAMonth, simulate } from "@/tests/bench/people/simulate";

it("simulates the same days every time, and each size as a part of the next", () => {
  const [small, large] = simulate({ sizes: [100, 500], ttlTimes: 1 });
  expect(simulate({ sizes: [100], ttlTimes: 1 })).toEqual([small]);
  expect(large?.reads).toBeGreaterThan(small?.reads ?? 0);
  expect(large?.peakBytes).toBeGreaterThan(0);
});

it("asks for the context before each message, and stores the message and its reply", () => {
  const random = randomFrom(1);
  const acts = Array.from({ length: 200 }, () => dayOf(random)).flat();
  const count = (kind: Act["kind"]) => acts.filter((act) => act.kind === kind).length;
  expect(count("send")).toBeGreaterThan(100);
  expect(count("stored")).toBe(2 * count("send"));
  expect(count("open")).toBeGreaterThan(count("send"));
});

it("charges commands, and storage and traffic above what is free", () => {
  const [day] = simulate({ sizes: [1], ttlTimes: 1 });
  if (!day) throw new Error("There is a day");
  const month = { ...day, commands: 100_000, bytesMoved: 0, peakBytes: 1e9 };
  expect(dollarsAMonth(month)).toBeCloseTo(0.2 * (365 / 12));
  expect(dollarsAMonth({ ...month, peakBytes: 3e9 }) - dollarsAMonth(month)).toBeCloseTo(0.5);
  const moved = { ...month, bytesMoved: (300e9 * 12) / 365 };
  expect(dollarsAMonth(moved) - dollarsAMonth(month)).toBeCloseTo(3);
});
