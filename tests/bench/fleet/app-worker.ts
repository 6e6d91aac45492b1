import { monitorEventLoopDelay } from "node:perf_hooks";
import { GET as consolidatePatterns } from "@/app/api/jobs/consolidate-patterns/route";
import { GET as callProcedures } from "@/app/api/trpc/[trpc]/route";
import { getDeps } from "@/server/deps";
import { guardHttpServers } from "@/server/http-guard";
import { serveOnLoopback } from "@/server/local/api-server";
import { startProcess } from "@/server/start-process";
import { StaticFiles } from "@/server/static-files";
import { trustedProxies } from "@/server/trusted-proxies";
import type { FromApp } from "./messages";

// One process of the app as in production, from its environment; of its URLs only the procedures and the
// consolidation, and no pages.

await startProcess(guardHttpServers(trustedProxies(getDeps().env), new StaticFiles()));
const { url } = await serveOnLoopback((request) => {
  const isJob = new URL(request.url).pathname === "/api/jobs/consolidate-patterns";
  return isJob ? consolidatePatterns(request) : callProcedures(request);
});
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

process.on("message", async () => {
  const { telemetry } = getDeps();
  const figures = {
    metrics: await telemetry.snapshot(),
    loopDelayMs: { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6 },
    rssMb: process.memoryUsage.rss() / 1024 / 1024,
  };
  delay.reset();
  process.send?.({ figures } satisfies FromApp);
});
process.on("disconnect", () => process.exit(0));
process.send?.({ url } satisfies FromApp);
