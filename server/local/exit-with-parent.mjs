// Loaded into the Next.js process ahead of it: a server whose launcher is gone has nobody left to stop it.
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
