import { describe, expect, it } from "vitest";
import { handleReadiness } from "@/server/insights/readiness-endpoint";
import type { Readiness, ReadinessStatus } from "@/server/telemetry/readiness";

const TOKEN = "a-token-of-16-chars";

const readinessOf = (status: ReadinessStatus): Readiness => ({
  status,
  database: { state: "ok", latencyMs: 3 },
  cache: { kind: "redis", state: "ok", latencyMs: 1, breaker: "closed", waitingInvalidations: 0 },
  model: { kind: "configured" },
});

interface Case {
  status?: ReadinessStatus;
  sends?: string;
  fromOperator?: () => Promise<boolean>;
}

function ask({ status = "ready", sends, fromOperator = async () => false }: Case): Promise<Response> {
  const headers = sends === undefined ? {} : { authorization: sends };
  const request = new Request("http://app/api/health/ready", { headers });
  return handleReadiness(request, { readiness: async () => readinessOf(status), token: TOKEN, fromOperator });
}

describe("/api/health/ready", () => {
  it.each<[ReadinessStatus, number]>([
    ["ready", 200],
    ["degraded", 200],
    ["unavailable", 503],
    ["draining", 503],
  ])("tells anybody that it is %s by status %i, and nothing of why", async (status, code) => {
    const response = await ask({ status });
    expect(response.status).toBe(code);
    expect(await response.json()).toEqual({ status });
  });

  it.each<[string, Case]>([
    ["who carries the token", { sends: `Bearer ${TOKEN}` }],
    ["a signed-in operator", { fromOperator: async () => true }],
  ])("tells %s how each dependency is doing", async (_who, given) => {
    expect(await (await ask(given)).json()).toEqual(readinessOf("ready"));
  });

  it("answers a probe while nobody can be recognised", async () => {
    const response = await ask({ fromOperator: () => Promise.reject(new Error("sign-in is away")) });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ready" });
  });
});
