import { getDeps } from "./deps";

/**
 * Registers the telemetry of the process for Next.js as well, starts sampling for the insights, and flushes what was not
 * sent yet before the process ends.
 */
export function startTelemetry(): void {
  const { telemetry, insights } = getDeps();
  telemetry.register();
  const stopSampling = insights.start();
  const stop = () => {
    stopSampling();
    void telemetry.shutdown();
  };
  // Next.js ends the process.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
}
