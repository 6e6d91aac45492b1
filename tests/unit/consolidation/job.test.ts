import { describe, expect, it } from "vitest";
import type { ConsolidationReport } from "@/server/consolidation/consolidate";
import type { Consolidation } from "@/server/consolidation/job";
import { CONSOLIDATION_WORDS, consolidationJob } from "@/server/consolidation/job";
import { handleSchedulerRequest } from "@/server/jobs/scheduler-request";
import { createLogger } from "@/server/telemetry/logger";
import vercel from "@/vercel.json";

const SECRET = "the-scheduler's-secret";
const REPORT: ConsolidationReport = {
  people: { consolidated: 2, failed: 1, skipped: 0, notBegun: 0 },
  messages: 11,
  patterns: { strengthened: 1, added: 2, decayed: 0, dropped: 0 },
};

let runs = 0;
const idle = { wrote: () => undefined, start: () => () => undefined };

const ready: Consolidation = {
  kind: "ready",
  ...idle,
  run: async () => {
    runs += 1;
    return REPORT;
  },
};

function answer(request: Request, consolidation: Consolidation, secret: string | undefined): Promise<Response> {
  const job = consolidationJob(consolidation);
  return handleSchedulerRequest(request, { secret, job, words: CONSOLIDATION_WORDS, logger: createLogger("silent") });
}

function call(consolidation: Consolidation, { secret = SECRET as string | undefined, token = SECRET } = {}) {
  const url = "https://app.example/api/jobs/consolidate-patterns";
  const request = new Request(url, { headers: { authorization: `Bearer ${token}` } });
  return answer(request, consolidation, secret);
}

describe("the job", () => {
  it("answers with counts", async () => {
    const response = await call(ready);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "done", ...REPORT });
  });

  it("reports that there is nothing to do without a model", async () => {
    const response = await call({ kind: "no-model" });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: "nothing to do",
      reason: "No model is configured: ANTHROPIC_API_KEY is not set.",
    });
  });

  it("names the missing configuration", async () => {
    const response = await call({ kind: "no-secret-key" });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ error: expect.stringContaining("SUPABASE_SECRET_KEY is not set") });
  });

  it("runs only for the scheduler", async () => {
    runs = 0;
    for (const token of ["", "another", `${SECRET}x`]) expect((await call(ready, { token })).status).toBe(401);
    const unconfigured = await answer(new Request("https://app.example/"), ready, undefined);
    expect(unconfigured.status).toBe(503);
    expect(runs).toBe(0);
  });

  it("does not reveal why it failed", async () => {
    const broken: Consolidation = { kind: "ready", ...idle, run: () => Promise.reject(new Error("row of Noa")) };
    const response = await call(broken);
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain("Noa");
  });

  it("is called every hour", () => {
    expect(vercel.crons).toContainEqual({ path: "/api/jobs/consolidate-patterns", schedule: "0 * * * *" });
  });
});
