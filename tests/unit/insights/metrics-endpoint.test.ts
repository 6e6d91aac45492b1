import { describe, expect, it } from "vitest";
import { handleMetrics } from "@/server/insights/metrics-endpoint";

const telemetry = { prometheus: async () => "clarify_context_build_ms_count 3\n" };

interface Case {
  token?: string;
  sends?: string;
  operator?: boolean;
}

function ask({ token, sends, operator = false }: Case): Promise<Response> {
  const headers = sends === undefined ? {} : { authorization: sends };
  const request = new Request("http://app/api/metrics", { headers });
  return handleMetrics(request, { telemetry, token, fromOperator: async () => operator });
}

describe("/api/metrics", () => {
  it.each<[string, Case]>([
    ["who carries the token", { token: "a-token-of-16-chars", sends: "Bearer a-token-of-16-chars" }],
    ["a signed-in operator", { token: "a-token-of-16-chars", operator: true }],
    ["a signed-in operator where there is no token", { operator: true }],
  ])("tells %s", async (_who, given) => {
    const response = await ask(given);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    expect(await response.text()).toBe("clarify_context_build_ms_count 3\n");
  });

  it.each<[string, Case, number]>([
    ["nobody", { token: "a-token-of-16-chars" }, 401],
    ["who carries another token", { token: "a-token-of-16-chars", sends: "Bearer a-token-of-16-char5" }, 401],
    ["who carries an empty one", { token: "a-token-of-16-chars", sends: "Bearer " }, 401],
    ["who says it in another way", { token: "a-token-of-16-chars", sends: "Basic a-token-of-16-chars" }, 401],
    ["anybody where there is no token", { sends: "Bearer undefined" }, 404],
    ["an empty token where there is none", { sends: "Bearer " }, 404],
  ])("does not tell %s", async (_who, given, status) => {
    const response = await ask(given);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain("clarify_context_build_ms");
  });
});
