import { describe, expect, it } from "vitest";
import { createPerson } from "@/tests/support/database/person";
import type { HeldStep } from "./death/holding";
import { expectAllToGoOn, holdEveryCall, MOMENTS } from "./death/holding";
import type { Victim } from "./death/processes";
import { startVictim } from "./death/processes";
import { firstMessage, send } from "./death/scenarios";
import type { World } from "./death/world";
import { fileHasWorld } from "./death/world";

// A process that is asked to end while one call of each person is held, as in death.test.ts.

const PATIENT = { timeout: 30_000 };

let world: World;
const possible = fileHasWorld("a process that is asked to end", (opened) => {
  world = opened;
});

describe.skipIf(!possible)("a process that is asked to end", () => {
  /** It accepts nothing new. */
  async function expectDraining(victim: Victim): Promise<void> {
    const bystander = await createPerson(world.stack);
    await expect
      .poll(() => said(send(victim, bystander, firstMessage("Good morning"))), PATIENT)
      .toContain("Clarify is restarting");
  }

  it.each(MOMENTS)(
    "%s any call is answered does first what it was asked, and then ends",
    async (moment) => {
      const victim = await startVictim(world);
      const held = await holdEveryCall({ world, victim, moment });
      process.kill(victim.pid, "SIGTERM");
      await expectDraining(victim);
      victim.database.heal();
      victim.redis.heal();
      for (const { letModelAnswer } of held) letModelAnswer();
      expect(await unanswered(held)).toEqual([]);
      expect(await victim.gone).toEqual([0, null]);
      await victim.close();
      await expectAllToGoOn(held);
    },
    300_000,
  );

  it("ends in time though neither the database nor the model answers, and leaves everybody to others", async () => {
    const victim = await startVictim(world, { waits: false });
    const held = await holdEveryCall({ world, victim, moment: "before" });
    process.kill(victim.pid, "SIGTERM");
    await expectDraining(victim);
    victim.redis.heal();
    expect(await victim.gone).toEqual([0, null]);
    await victim.close();
    await expectAllToGoOn(held);
  }, 300_000);
});

/** The steps of those whose request was not done. */
async function unanswered(held: readonly HeldStep[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(held.map(({ asked }) => asked));
  return held.flatMap(({ flow, call }, at) => (outcomes[at]?.status === "rejected" ? [`${flow} at ${call}`] : []));
}

/** The message of what it is rejected with. */
async function said(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => "",
    (error: unknown) => String(error),
  );
}
