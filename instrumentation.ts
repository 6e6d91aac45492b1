/** Next.js calls this once, before a server process answers its first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startProcess } = await import("@/server/start-process");
  // In development Next.js answers upgrades itself, and ends the process when it is asked to.
  if (process.env.NODE_ENV !== "production") return startProcess(null);
  const { guardHttpServers } = await import("@/server/http-guard");
  const { trustedProxies } = await import("@/server/trusted-proxies");
  const { getDeps } = await import("@/server/deps");
  const { StaticFiles } = await import("@/server/static-files");
  const { env, background } = getDeps();
  const files = new StaticFiles();
  await startProcess(guardHttpServers(trustedProxies(env), files));
  background.run("compress the files of the build", () => files.load(".next/static"));
}
