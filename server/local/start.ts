import { relative } from "node:path";
import { parseArgs } from "node:util";
import nextEnv from "@next/env";
import { DEMO_ACCOUNT } from "@/server/demo/seed";
import { onAbandoned } from "./ancestors";
import { renderBanner } from "./banner";
import { readBuildState } from "./build";
import { forkNext, holdOutput, untilAnswering } from "./next-child";
import { assertPortFree, readPort } from "./ports";
import { dataDirectory, root, setting } from "./settings";
import { forkStack, StackStartError } from "./stack-child";
import type { StackReady } from "./stack-messages";
import { StartError } from "./start-error";
import { ChildEndedError, Supervisor } from "./supervise";

// `npm start` and `npm run dev`: the app, and the embedded parts that the environment does not replace.

const READY_TIMEOUT_MS = 180_000;
/** The same default as in `env.ts`, which the server itself reads. */
const DRAIN_SECONDS = 30;
/** What the server may need in addition to the time for its replies, in milliseconds. */
const GRACE_MS = 25_000;
/** npm passes on the signal that the terminal has already sent to every process. */
const SAME_SIGNAL_MS = 500;
/** After waiting this long for the end, in milliseconds, the person gets the reason. */
const PATIENCE_MS = 1_000;

async function start(supervisor: Supervisor): Promise<void> {
  const { values } = parseArgs({ options: { dev: { type: "boolean", default: false } } });
  const dev = values.dev;
  nextEnv.loadEnvConfig(root, dev, { info: () => undefined, error: say });
  const port = readPort(process.env.PORT);
  await assertPortFree(port);

  if (!dev) await build(supervisor);
  const dataDir = dataDirectory();
  const url = `http://localhost:${port}`;
  const stack = setting("SUPABASE_URL") === undefined ? await startStack(supervisor, dataDir, url) : null;

  const next = forkNext({
    args: [dev ? "dev" : "start", "--port", String(port), "--hostname", setting("HOST") ?? "localhost"],
    env: {
      NODE_ENV: dev ? "development" : "production",
      PORT: String(port),
      ...(stack && stackEnvironment(stack)),
    },
  });
  const output = holdOutput(next);
  supervisor.keep("The Next.js server", next);
  try {
    await Promise.race([untilAnswering(`${url}/api/health`, READY_TIMEOUT_MS), supervisor.failure]);
  } catch (error) {
    output.show({ past: true });
    throw error;
  }
  output.show({ past: false });
  say(
    renderBanner({
      url,
      embedded: stack && { dataDir: relative(process.cwd(), dataDir) || ".", demo: stack.demo },
      redis: (["UPSTASH_REDIS_REST_URL", "REDIS_URL"] as const).find((name) => setting(name) !== undefined) ?? null,
      model: setting("ANTHROPIC_API_KEY") !== undefined,
    }),
  );
}

async function build(supervisor: Supervisor): Promise<void> {
  const state = await readBuildState(root);
  if (state === "current") return;
  say(state === "missing" ? "Building the app (this happens once) …" : "Building the app again: its sources changed …");
  const child = forkNext({ args: ["build"], env: { NODE_ENV: "production", BUILD_TYPES: "unchecked" } });
  holdOutput(child).show({ past: true });
  await supervisor.complete("The build", child);
}

async function startStack(supervisor: Supervisor, dataDir: string, url: string): Promise<StackReady> {
  say("Starting the embedded database …");
  const demo = {
    email: setting("DEMO_EMAIL") ?? DEMO_ACCOUNT.email,
    password: setting("DEMO_PASSWORD") ?? DEMO_ACCOUNT.password,
  };
  const stack = forkStack({ dataDir, siteUrl: setting("APP_URL") ?? url, demo }, (step) => say(`  ${step}`));
  supervisor.keep("The embedded database", stack.process);
  return stack.ready;
}

function stackEnvironment(stack: StackReady): Record<string, string> {
  const { url, publishableKey, secretKey, jwtSecret, mails, demo } = stack;
  return {
    EMBEDDED_STACK: "on",
    EMBEDDED_MAILS: mails,
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEY: publishableKey,
    SUPABASE_SECRET_KEY: secretKey,
    SUPABASE_JWT_SECRET: jwtSecret,
    DEMO: setting("DEMO") ?? "on",
    DEMO_EMAIL: demo?.email ?? "",
    DEMO_PASSWORD: demo?.password ?? "",
  };
}

function say(text: string): void {
  console.log(text);
}

/** Resolves when the app is asked to stop. A second Ctrl-C ends it at once. */
function interrupted(): Promise<"interrupted"> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    process.on("SIGINT", () => {
      askedAt ??= performance.now();
      if (performance.now() - askedAt > SAME_SIGNAL_MS) supervisor.kill();
    });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve("interrupted"));
    onAbandoned(() => resolve("interrupted"));
  });
}

function explain(error: unknown): string {
  const forPeople = error instanceof StartError || error instanceof StackStartError || error instanceof ChildEndedError;
  if (forPeople) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const supervisor = new Supervisor();
const running = start(supervisor).then(() => supervisor.failure);
try {
  await Promise.race([interrupted(), running]);
  say("\nStopping …");
} catch (error) {
  console.error(`\n${explain(error)}`);
  process.exitCode = 1;
}
const patience = setTimeout(
  () => say("Replies that are being written may end. Press Ctrl-C again to stop at once."),
  PATIENCE_MS,
);
await supervisor.stop(Number(setting("DRAIN_SECONDS") ?? DRAIN_SECONDS) * 1_000 + GRACE_MS);
clearTimeout(patience);
process.exit();
