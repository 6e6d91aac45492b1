import { expect, it, vi } from "vitest";
import { ClaimLostError } from "@/server/conversation/claim";
import type { Message } from "@/server/conversation/events";
import { storeUntilKept } from "@/server/conversation/store-until-kept";
import { DatabaseError } from "@/server/database/errors";
import { createLogger } from "@/server/telemetry/logger";
import { ManualTime } from "@/tests/support/manual-time";

const STORED: Message = {
  id: "reply",
  role: "assistant",
  content: "I hear you.",
  status: "complete",
  replyTo: "message",
  model: "test",
  dreams: [],
  receipts: [],
  variant: null,
  answering: false,
  createdAt: "2026-11-25T12:00:00.000Z",
};

function arrange(failures: readonly unknown[]) {
  const left = [...failures];
  const clock = new ManualTime();
  const tries: number[] = [];
  const attempt = async () => {
    tries.push(clock.elapsed());
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    return STORED;
  };
  const steps: string[] = [];
  const step = (name: string) => async () => void steps.push(name);
  const parts = {
    store: vi.fn(attempt),
    storeLate: vi.fn(attempt),
    giveUpClaim: step("claim given up"),
    leaveForOthers: step("left for others"),
    onUnsaved: () => void steps.push("unsaved"),
  };
  const logger = createLogger("silent", {});
  return { clock, tries, steps, ...parts, storing: () => storeUntilKept({ ...parts, clock, logger }) };
}

const away = () => new DatabaseError("unavailable");

it("stores at the first try, and does nothing else", async () => {
  const { storing, steps, storeLate } = arrange([]);
  expect(await storing()).toBe(STORED);
  expect(steps).toEqual([]);
  expect(storeLate).not.toHaveBeenCalled();
});

it("releases the claim before it reports the reply as unsaved, and tries again after growing pauses, up to 15 seconds", async () => {
  const { storing, clock, tries, steps, store } = arrange(Array.from({ length: 8 }, away));
  const stored = storing();
  await clock.advance(120_000);
  expect(await stored).toBe(STORED);
  expect(store).toHaveBeenCalledOnce();
  expect(tries.map((at, index) => at - (tries[index - 1] ?? 0))).toEqual([
    0, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000,
  ]);
  expect([...steps].sort()).toEqual(["claim given up", "left for others", "unsaved"]);
  expect(steps.at(-1)).toBe("unsaved");
});

it.each([
  ["somebody else has answered", new ClaimLostError()],
  ["the message is gone", new DatabaseError("not_found")],
  ["the person's access has run out", new DatabaseError("forbidden")],
])("ends when %s, at once or later, and leaves no claim behind", async (_, failure) => {
  const atOnce = arrange([failure]);
  await expect(atOnce.storing()).rejects.toBe(failure);
  expect(atOnce.steps).toEqual(["claim given up"]);

  const later = arrange([away(), failure]);
  const outcome = expect(later.storing()).rejects.toBe(failure);
  await later.clock.advance(10_000);
  await outcome;
  expect(later.tries).toHaveLength(2);
});

it("goes on even if neither the claim can be released nor the reply be left for others", async () => {
  const { clock, ...parts } = arrange([away()]);
  const refuse = () => Promise.reject(away());
  const stored = storeUntilKept({
    ...parts,
    giveUpClaim: refuse,
    leaveForOthers: refuse,
    clock,
    logger: createLogger("silent", {}),
  });
  await clock.advance(500);
  expect(await stored).toBe(STORED);
});
