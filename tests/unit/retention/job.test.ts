import { expect, it } from "vitest";
import { handleSchedulerRequest } from "@/server/jobs/scheduler-request";
import { createMetrics } from "@/server/metrics";
import { createRetention, RETENTION_WORDS, retentionJob } from "@/server/retention/job";
import { createLogger } from "@/server/telemetry/logger";
import { createNoTelemetry } from "@/server/telemetry/telemetry";
import { ManualTime } from "@/tests/support/manual-time";
import vercel from "@/vercel.json";

const HOUR = 60 * 60_000;

/** A process of several that share their jobs; `runs` gets an entry for each run. */
function startProcess(clock: ManualTime, taken: Set<number>, runs: number[], { scheduled = true } = {}) {
  const retention = createRetention({
    store: { people: async () => [], remove: async () => 0, emptyBins: async () => 0 },
    days: 30,
    cache: { write: (_keys, fn) => fn(new AbortController().signal) },
    clock,
    logger: createLogger("silent"),
    metrics: createMetrics(createNoTelemetry().meter),
    scheduled,
    jobs: {
      begin: async (dueAt) => !taken.has(dueAt.getTime()) && taken.add(dueAt.getTime()).size > 0,
      end: async () => void runs.push(clock.now()),
    },
  });
  return retention.start();
}

it("is run every hour by one of the processes that live on, until they are asked to stop", async () => {
  const [clock, taken, runs] = [new ManualTime(), new Set<number>(), [] as number[]];
  const stops = [startProcess(clock, taken, runs), startProcess(clock, taken, runs)];
  await clock.advance(3 * HOUR);
  expect(runs).toHaveLength(3);
  for (const stop of stops) stop();
  await clock.advance(3 * HOUR);
  expect(runs).toHaveLength(3);
});

it("is left to a scheduler by processes that live no longer than their requests", async () => {
  const [clock, runs] = [new ManualTime(), [] as number[]];
  startProcess(clock, new Set(), runs, { scheduled: false });
  await clock.advance(3 * HOUR);
  expect(runs).toEqual([]);
  expect(vercel.crons).toContainEqual({ path: "/api/jobs/remove-old-conversations", schedule: "17 * * * *" });
});

it("tells the scheduler that there is nothing to do without the secret key", async () => {
  const request = new Request("https://app.example/", {
    headers: { authorization: "Bearer a-secret-of-the-scheduler" },
  });
  const response = await handleSchedulerRequest(request, {
    secret: "a-secret-of-the-scheduler",
    job: retentionJob({ kind: "off" }),
    words: RETENTION_WORDS,
    logger: createLogger("silent"),
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    status: "nothing to do",
    reason: "Nothing is removed: SUPABASE_SECRET_KEY is not set.",
  });
});
