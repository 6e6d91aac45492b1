import { getDeps } from "./deps";

/**
 * Makes the process's telemetry that of Next.js as well, keeps its figures for the insights, and has what was not sent yet
 * leave before the process ends.
 */
export function startTelemetry(): void {
  const { telemetry, insights } = getDeps();
  telemetry.register();
  const stopSampling = insights.start();
  const stop = () => {
    stopSampling();
    void telemetry.shutdown();
  };
  // It is Next.js that ends the process.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
}
