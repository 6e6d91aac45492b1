/** Next.js calls this once, before a server process answers its first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startTelemetry } = await import("@/server/start-telemetry");
  startTelemetry();
}
