import { randomBytes } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import { newConversation, say, signUp, visit } from "./visitor";

// What leaves the server: files for browsers, and pages as they are answered. No secret and no name of one is in them.

const root = fileURLToPath(new URL("../..", import.meta.url));
const secret = () => randomBytes(24).toString("hex");

/** Secrets that the app is started with, without any service behind them. */
const given = {
  WEBHOOK_SECRET: secret(),
  CRON_SECRET: secret(),
  METRICS_TOKEN: secret(),
  DEMO_PASSWORD: secret(),
  DEMO_EMAIL: "somebody@example.com",
  ANTHROPIC_API_KEY: secret(),
  // Nothing listens there.
  ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
};

/** Every variable that the server reads, but for plain words, which pages may say. */
const names = [...readFileSync(join(root, "server/env.ts"), "utf8").matchAll(/^ {2}([A-Z]+(?:_[A-Z]+)+):/gm)]
  .map(([, name = ""]) => name)
  .filter((name) => name !== "NODE_ENV");

let app: AppProcess;
let browser: Browser;
let values: string[];
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(given), launchBrowser()]);
  const keys: unknown = JSON.parse(await readFile(join(app.place.dataDir, "keys.json"), "utf8"));
  const { jwtSecret, secretKey } = keys as Record<string, string>;
  const { DEMO_EMAIL: _, ANTHROPIC_BASE_URL: __, ...secrets } = given;
  values = [...Object.values(secrets), String(jwtSecret), String(secretKey)];
});
afterAll(async () => {
  await app.stop();
  await browser.close();
});

function expectClean(what: string, text: string): void {
  const found = [...names, ...values].filter((word) => text.includes(word));
  expect(found, `${what} tells`).toEqual([]);
}

it("knows what to look for", () => {
  for (const name of ["SUPABASE_SECRET_KEY", "SUPABASE_JWT_SECRET", "ANTHROPIC_API_KEY", "UPSTASH_REDIS_REST_TOKEN"]) {
    expect(names).toContain(name);
  }
  for (const value of values) expect(value.length).toBeGreaterThanOrEqual(32);
});

it("no file for browsers has a secret in it, or the name of a variable of the server", () => {
  const files = globSync("{.next/static,public}/**/*.*", { cwd: root }).filter((file) => !file.endsWith(".woff2"));
  expect(files.filter((file) => file.endsWith(".js")).length).toBeGreaterThan(10);
  for (const file of files) expectClean(file, readFileSync(join(root, file), "latin1"));
});

describe.each(["text/html", "text/x-component"])("as %s", (type) => {
  const headers: Record<string, string> = type === "text/html" ? {} : { rsc: "1" };

  it.each(["/sign-in", "/sign-in?mode=sign-up", "/about", "/mails", "/manifest.webmanifest", "/no-such-page"])(
    "a visitor's %s has none in it",
    async (path) => {
      const response = await fetch(app.url + path, { headers });
      expectClean(path, (await response.text()) + JSON.stringify([...response.headers]));
    },
  );

  it("a person's pages have none in them", async () => {
    const { page, context, close } = await visit(browser, app.url);
    await signUp(page, "Noa");
    const conversation = await newConversation(page);
    await say(page, "I think of the sea.");
    await page.getByTestId("trouble").waitFor();
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    await close();
    for (const path of ["/clarify", conversation, "/dreams", "/reflections", "/account", "/insights", "/panel"]) {
      const response = await fetch(app.url + path, { headers: { ...headers, cookie } });
      expectClean(path, (await response.text()) + JSON.stringify([...response.headers]));
    }
  });
});

it.each([
  "/api/health",
  "/api/health/ready",
  "/api/metrics",
  "/api/hooks/database",
  "/api/jobs/consolidate-patterns",
  "/api/trpc/account.get",
  "/api/trpc/no.such",
])("what %s answers strangers tells none", async (path) => {
  expectClean(path, await (await fetch(app.url + path)).text());
});

it("scripts and styles come compressed with Brotli, and are kept by browsers for good", async () => {
  const page = await (await fetch(`${app.url}/sign-in`)).text();
  const paths = [...page.matchAll(/"(\/_next\/static\/[^"?]+\.(?:js|css))[?"]/g)].map(([, path]) => path);
  expect(paths.length).toBeGreaterThan(5);
  for (const path of paths) {
    const answer = () => fetch(`${app.url}${path}`, { headers: { "accept-encoding": "gzip, br" } });
    await expect.poll(async () => (await answer()).headers.get("content-encoding")).toBe("br");
    const { headers } = await answer();
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(headers.get("content-type")).toMatch(/^(application\/javascript|text\/css)/);
  }
});
