import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");

let operator: Person;
let stranger: Person;
beforeAll(async () => {
  [operator, stranger] = await Promise.all([createPerson(stack), createPerson(stack)]);
});

describe("insights.get", () => {
  it("shows an operator the exact counts", async () => {
    const app = createTestApp({ stack, operators: [operator.id] });
    for (let build = 0; build < 4; build += 1) {
      await app.as(stranger).clarifyContext.get({ sessionId: null });
      await app.backgroundDone();
    }
    const { summary, store } = await app.as(operator).insights.get({ range: "15m" });
    expect(store).toEqual({ kind: "memory", reachable: true });
    expect(summary).toMatchObject({ builds: 4, loads: 5, hitRate: 0.75, replies: 0, cost: null });
    for (const counts of Object.values(summary.sources)) {
      expect(counts).toEqual({ near: 0, fresh: 3, aging: 0, joined: 0, loaded: 1, fallback: 0, missing: 0 });
    }
    expect(summary.durations.queryParallel?.count).toBe(1);
    expect(summary.durations.cacheRead?.count).toBe(20);
  });

  it("does not exist for other people", async () => {
    const app = createTestApp({ stack, operators: [operator.id] });
    await expect(app.as(stranger).insights.get({ range: "15m" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(app.as(null).insights.get({ range: "15m" })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });
});
