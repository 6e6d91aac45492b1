import { getDeps } from "./deps";
import { drain } from "./drain";
import type { HttpServers } from "./http-guard";
import { warmUp } from "./warm-up";

/**
 * Registers the process's telemetry for Next.js as well, starts sampling for the insights, loads the token vocabulary
 * and starts the schedules of the jobs. No request waits for any of it, except for the warm-up, which is done when this
 * resolves.
 * When asked to stop, it ends the process's running work and then the process; without `servers`, Next.js ends it.
 */
export async function startProcess(servers: HttpServers | null): Promise<void> {
  const deps = getDeps();
  const { env, telemetry, metrics, insights, replies, cache, clock, logger, background, learnTokens } = deps;
  const { consolidation, retention, demo } = deps;
  telemetry.register();
  metrics.processStarts.add(1);
  const stopSampling = insights.start();
  background.run("learn how the model counts", learnTokens);
  const stopLearning = consolidation.kind === "ready" ? consolidation.start() : () => undefined;
  const stopRetention = retention.kind === "ready" ? retention.start() : () => undefined;
  const stopDemo = demo.kind === "ready" ? demo.start() : () => undefined;
  const drainAll = async (toClose: HttpServers) => {
    stopLearning();
    stopRetention();
    stopDemo();
    const repliesMs = env.DRAIN_SECONDS * 1_000;
    await drain({ replies, servers: toClose, cache, stopSampling, telemetry, clock, logger, repliesMs });
    process.exit(0);
  };
  const isLongLived = servers !== null && env.VERCEL === undefined;
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    // The handlers of Next.js end the process at once.
    if (isLongLived) process.removeAllListeners(signal);
    process.on(signal, () => {
      if (!stopping) void (servers === null ? telemetry.shutdown() : drainAll(servers));
      stopping = true;
    });
  }
  // A development server compiles on demand, and a function that starts for a request should begin with that.
  if (isLongLived) await warmUp({ services: deps, accessTokenOf: deps.accessTokenOf });
}
