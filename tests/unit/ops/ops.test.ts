import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sections } from "@/server/clarify/sections";
import { DURATIONS, HIT_RATE_TARGET, P95_TARGETS_MS } from "@/server/insights/targets";
import { METRICS } from "@/server/metrics";

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), "utf8");
const alerts = read("ops/prometheus/alerts.yml");
const alertTests = read("ops/prometheus/alerts.test.yml");
const dashboard = read("ops/grafana/clarify-context.json");
const operations = read("OPERATIONS.md");

/** Every series of /api/metrics, with its labels. */
const SERIES = new Map(
  Object.entries(METRICS).flatMap(([metric, { kind, labels }]): [string, readonly string[]][] => {
    const name = metric.replaceAll(".", "_");
    if (kind === "counter") return [[`${name}_total`, labels]];
    if (kind === "gauge") return [[name, labels]];
    return [
      [`${name}_bucket`, [...labels, "le"]],
      [`${name}_count`, labels],
      [`${name}_sum`, labels],
    ];
  }),
);

/** The series in a text, each with the labels that it uses. */
function seriesIn(text: string): { name: string; labels: string[] }[] {
  return [...text.matchAll(/\b(clarify_\w+)(?:\{([^}]*)\})?/g)].map(([, name = "", selector = ""]) => ({
    name,
    labels: [...selector.matchAll(/(\w+)\s*(?:=~|!=|!~|=)/g)].map(([, label = ""]) => label),
  }));
}

const panelSchema = z.object({
  id: z.number(),
  type: z.enum(["row", "stat", "timeseries"]),
  title: z.string(),
  datasource: z.object({ type: z.literal("prometheus"), uid: z.literal("$".concat("{datasource}")) }).optional(),
  gridPos: z.object({ x: z.number().min(0), y: z.number().min(0), w: z.number().max(24), h: z.number().min(1) }),
  targets: z.array(z.object({ refId: z.string(), expr: z.string().min(1) })).optional(),
});
const { panels } = z
  .object({ id: z.null(), uid: z.string(), title: z.string(), panels: z.array(panelSchema) })
  .parse(JSON.parse(dashboard));
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join("\n");

describe.each([
  ["the alert rules", alerts],
  ["their tests", alertTests],
  ["the dashboard", expressions],
])("%s", (_what, text) => {
  it("name only series and labels that there are", () => {
    const named = seriesIn(text);
    expect(named.length).toBeGreaterThan(3);
    for (const { name, labels } of named) {
      expect([...SERIES.keys()]).toContain(name);
      // Prometheus itself adds the label of the process.
      expect(["instance", ...(SERIES.get(name) ?? [])]).toEqual(expect.arrayContaining(labels));
    }
  });
});

describe("the alert rules", () => {
  it.each(Object.entries(P95_TARGETS_MS))("hold %s to its target of %i ms", (name, target) => {
    const [, metric = ""] = Object.entries(DURATIONS).find(([duration]) => duration === name) ?? [];
    const series = metric.replaceAll(".", "_");
    expect(alerts).toContain(`histogram_quantile(0.95, sum by (le) (rate(${series}_bucket[10m]))) > ${target}`);
  });

  it("hold the hit rate to its target", () => {
    expect(alerts).toContain(`< ${HIT_RATE_TARGET}\n`);
  });

  it("each link to a section that says what to do", () => {
    const anchors = [...alerts.matchAll(/runbook: OPERATIONS\.md#(\S+)/g)].map(([, anchor = ""]) => anchor);
    expect(anchors).toHaveLength(alerts.match(/- alert:/g)?.length ?? 0);
    const headings = [...operations.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
    for (const anchor of anchors) expect(headings).toContain(anchor);
  });
});

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .replaceAll(" ", "-");
}

describe("the dashboard", () => {
  it("shows every metric", () => {
    const shown = seriesIn(expressions).map(({ name }) => name);
    for (const metric of Object.keys(METRICS)) {
      const family = metric.replaceAll(".", "_");
      expect(
        shown.some((name) => name.startsWith(family)),
        metric,
      ).toBe(true);
    }
  });

  it("has panels with different titles that fit in and do not overlap", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x} ${y}`), title).toBe(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });

  it("uses only the data source and the processes that its reader chose", () => {
    for (const { type, datasource, targets = [] } of panels) {
      expect(datasource !== undefined && targets.length > 0).toBe(type !== "row");
      for (const { expr } of targets) expect(expr).toContain("instance=~");
    }
  });
});

describe("OPERATIONS.md", () => {
  it("explains every metric with its labels", () => {
    for (const [metric, { labels }] of Object.entries(METRICS)) {
      const row = operations.split("\n").find((line) => line.startsWith(`| \`${metric}\``));
      expect(row, metric).toBeDefined();
      for (const label of labels) expect(row, metric).toContain(`\`${label}\``);
    }
  });

  it("gives each section's key and how long it is fresh", () => {
    for (const { name, policy } of sections) {
      expect(operations).toContain(`| \`cc:ctx:${name}:{userId}\` | ${policy.ttlMs / 60_000} min |`);
    }
  });
});
