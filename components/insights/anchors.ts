/** The headings of OPERATIONS.md that say what to do when a target is missed, as anchors. */
export const RUNBOOK = {
  contextBuild: "context-build-p95-above-100-ms",
  queryParallel: "parallel-query-p95-above-80-ms",
  cacheRead: "cache-read-p95-above-10-ms",
  cacheWrite: "cache-write-p95-above-20-ms",
  hitRate: "hit-rate-below-80-",
} as const;

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .replaceAll(" ", "-");
}
