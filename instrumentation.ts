/** Next.js calls this once, before a server process answers its first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  // In development Next.js answers upgrades itself.
  if (process.env.NODE_ENV === "production") {
    const { guardHttpServers } = await import("@/server/http-guard");
    guardHttpServers();
  }
  const { startTelemetry } = await import("@/server/start-telemetry");
  startTelemetry();
}
