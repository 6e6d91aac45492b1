import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PgliteConnection } from "@supabase/lite/pglite";
import { z } from "zod";
import { openMailFolder } from "@/server/auth/mail-folder";
import { seedDemoAccount } from "@/server/demo/seed";
import { loadKeys } from "./keys";
import { lockDirectory } from "./lock";
import { openPglite } from "./pglite";
import { keepContentOutOfLogs } from "./quiet";
import { assertRoom, watchRoom } from "./room";
import { createApp, migrate, serveStack } from "./stack";
import type { StackMessage, StackReady } from "./stack-messages";
import { STACK_TASK_VARIABLE } from "./stack-messages";
import { StartError } from "./start-error";

// The embedded stack's own process. It is started by fork, talks to its parent over IPC, and never outlives it.

const taskSchema = z.object({
  dataDir: z.string().min(1),
  siteUrl: z.string(),
  demo: z.object({ email: z.string(), password: z.string() }),
});

/** Undo steps for stopping, run in reverse order. */
const undo: (() => Promise<void>)[] = [];
let stopping = false;

async function start(): Promise<StackReady> {
  const { dataDir, siteUrl, demo } = taskSchema.parse(JSON.parse(process.env[STACK_TASK_VARIABLE] ?? "null"));
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockDirectory(dataDir);
  undo.push(lock.release);
  const folder = join(dataDir, "postgres");
  await assertRoom(dataDir, { isNew: !existsSync(folder) });
  const keys = await loadKeys(dataDir);

  const connection = await openDatabase(folder);
  undo.push(() => connection.close());
  const applied = await migrate(createApp(connection, keys));
  if (applied.length > 0) report({ type: "progress", step: `Applied ${applied.length} migrations` });

  const mails = join(dataDir, "mails");
  const mail = { driver: openMailFolder(mails, Date.now), siteUrl, confirms: false };
  const stack = await serveStack({ connection, keys, turns: true, mail, hasRoom: watchRoom(dataDir, console.error) });
  undo.push(stack.close);
  const seeded = await seedDemoAccount({
    url: stack.url,
    publishableKey: keys.publishableKey,
    secretKey: keys.secretKey,
    account: demo,
    now: new Date(),
    // The API allows neither of these.
    backdateProfile: (userId, since) =>
      stack.exclusively(async () => {
        await connection.driver.query("update public.users set created_at = $2, tier = 'pro' where id = $1", [
          userId,
          since,
        ]);
      }),
    shareAccount: (userId) =>
      stack.exclusively(async () => {
        await connection.driver.query("insert into private.shared_accounts values ($1) on conflict do nothing", [
          userId,
        ]);
      }),
  });
  if (seeded === "written") report({ type: "progress", step: "Wrote the demo account's data" });
  return { ...keys, url: stack.url, mails, demo: seeded === "locked" ? null : demo };
}

/**
 * Creates PostgreSQL in another folder and then moves it, so that an interrupted first start leaves nothing incomplete.
 */
async function openDatabase(folder: string): Promise<PgliteConnection> {
  if (!existsSync(folder)) {
    report({ type: "progress", step: "Creating the database" });
    const draft = `${folder}.new`;
    await rm(draft, { recursive: true, force: true });
    await (await openPglite(draft)).close();
    await rename(draft, folder);
  }
  try {
    return await openPglite(folder);
  } catch (cause) {
    throw new StartError(
      `The database in ${folder} does not open. Where it is a copy, it may not be whole: copy it while the app does not run, or use npm run backup and npm run restore.`,
      { cause },
    );
  }
}

function report(message: StackMessage): void {
  if (process.connected) process.send?.(message);
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // The start adds to the list while it runs, so the list is complete only when the start has ended.
  await started.catch(() => undefined);
  for (const step of undo.reverse()) {
    await step().catch((error: unknown) => console.error("The embedded stack did not stop cleanly:", error));
  }
  process.exit();
}

keepContentOutOfLogs();
process.on("disconnect", stop);
process.on("SIGTERM", stop);
process.on("SIGINT", stop);

const started = start();
started.then(
  (ready) => report({ type: "ready", ...ready }),
  (error: unknown) => {
    report({ type: "failed", message: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
    return stop();
  },
);
