import { getDeps } from "./deps";
import { drain } from "./drain";
import type { HttpServers } from "./http-guard";

/**
 * Registers the telemetry of the process for Next.js as well, starts sampling for the insights and reads what tokens are
 * counted with; no request waits for either. Asked to stop, the
 * process ends what it has under way, and then itself; without `servers`, Next.js ends it.
 */
export function startProcess(servers: HttpServers | null): void {
  const { env, telemetry, insights, replies, cache, clock, logger, background, learnTokens } = getDeps();
  telemetry.register();
  const stopSampling = insights.start();
  background.run("learn how the model counts", learnTokens);
  const drainAll = async (toClose: HttpServers) => {
    const repliesMs = env.DRAIN_SECONDS * 1_000;
    await drain({ replies, servers: toClose, cache, stopSampling, telemetry, clock, logger, repliesMs });
    process.exit(0);
  };
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (!stopping) void (servers === null ? telemetry.shutdown() : drainAll(servers));
      stopping = true;
    });
  }
}
