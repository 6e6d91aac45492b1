import { beforeEach, describe, expect, it } from "vitest";
import type { ConsolidationReport } from "@/server/consolidation/consolidate";
import { QuietRefresh } from "@/server/consolidation/quiet-refresh";
import { isSchedule, startSchedule } from "@/server/jobs/schedule";
import { createLogger } from "@/server/telemetry/logger";
import { ManualTime } from "@/tests/support/manual-time";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const REPORT: ConsolidationReport = {
  people: { consolidated: 1, failed: 0, skipped: 0, notBegun: 0 },
  messages: 5,
  patterns: { strengthened: 0, added: 1, decayed: 0, dropped: 0 },
};

let clock: ManualTime;
beforeEach(() => {
  clock = new ManualTime();
});

/** The state that processes share, without a database. */
function sharedJobs() {
  const taken = new Set<number>();
  return {
    taken,
    begin: async (dueAt: Date) => {
      if (taken.has(dueAt.getTime())) return false;
      taken.add(dueAt.getTime());
      return true;
    },
  };
}

function startProcess(jobs: Pick<ReturnType<typeof sharedJobs>, "begin">, run: () => Promise<ConsolidationReport>) {
  const words = { done: "done", failed: "failed" };
  return startSchedule({ schedule: "0 * * * *", run, words, jobs, clock, logger: createLogger("silent") });
}

describe("the schedule", () => {
  it("runs each date once, in one of the processes", async () => {
    const jobs = sharedJobs();
    let runs = 0;
    const run = async () => {
      runs += 1;
      return REPORT;
    };
    for (let process = 0; process < 3; process += 1) startProcess(jobs, run);
    await clock.advance(5 * HOUR);
    expect(jobs.taken.size).toBe(5);
    expect(runs).toBe(5);
    expect([...jobs.taken].every((at) => at % HOUR === 0)).toBe(true);
  });

  it("goes on after a failed run, and after a database that could not be reached", async () => {
    const jobs = sharedJobs();
    let attempts = 0;
    startProcess(jobs, async () => {
      attempts += 1;
      throw new Error("the database is away");
    });
    let asked = 0;
    const away = {
      begin: async () => {
        asked += 1;
        throw new Error("the database is away");
      },
    };
    startProcess(away, async () => REPORT);
    await clock.advance(3 * HOUR);
    expect([attempts, asked]).toEqual([3, 3]);
  });

  it("leaves a date to the others while a run is under way", async () => {
    const jobs = sharedJobs();
    const slow = Promise.withResolvers<ConsolidationReport>();
    let runs = 0;
    startProcess(jobs, () => {
      runs += 1;
      return slow.promise;
    });
    await clock.advance(3 * HOUR);
    expect(runs).toBe(1);
    slow.resolve(REPORT);
    await clock.advance(HOUR);
    expect(runs).toBe(2);
  });

  it("ends when it is stopped", async () => {
    const jobs = sharedJobs();
    const stop = startProcess(jobs, async () => REPORT);
    stop();
    await clock.advance(3 * HOUR);
    expect(jobs.taken.size).toBe(0);
  });

  it.each([
    ["0 * * * *", true],
    ["*/15 6-22 * * 1-5", true],
    ["every hour", false],
    ["61 * * * *", false],
    ["* * * * * *", false],
    ["", false],
  ])("takes %j: %s", (text, good) => {
    expect(isSchedule(text)).toBe(good);
  });
});

describe("a person who has stopped writing", () => {
  it("is read once, ten minutes after their last message", async () => {
    const read: string[] = [];
    const refresher = new QuietRefresh({ clock, refresh: async (userId) => read.push(userId) });
    refresher.start();
    for (let minute = 0; minute < 30; minute += 1) {
      refresher.wrote("noa");
      if (minute === 3) refresher.wrote("dan");
      await clock.advance(MINUTE);
    }
    expect(read).toEqual(["dan"]);
    await clock.advance(15 * MINUTE);
    expect(read).toEqual(["dan", "noa"]);
    await clock.advance(HOUR);
    expect(read).toEqual(["dan", "noa"]);
  });

  it("waits while another person is read, so that calls do not overlap", async () => {
    const read: string[] = [];
    const held = Promise.withResolvers<void>();
    const refresh = async (userId: string) => {
      read.push(userId);
      if (userId === "noa") await held.promise;
    };
    const refresher = new QuietRefresh({ clock, refresh });
    refresher.start();
    for (const person of ["noa", "dan"]) refresher.wrote(person);
    await clock.advance(HOUR);
    expect(read).toEqual(["noa"]);
    held.resolve();
    await clock.advance(MINUTE);
    expect(read).toEqual(["noa", "dan"]);
  });

  it("is left to the schedule when too many people write at once", async () => {
    const read: string[] = [];
    const refresher = new QuietRefresh({ clock, refresh: async (userId) => read.push(userId) });
    refresher.start();
    for (let person = 0; person < 10_050; person += 1) refresher.wrote(`${person}`);
    await clock.advance(HOUR);
    expect(read).toHaveLength(10_000);
  });
});
