import type { Browser, BrowserContext, Page } from "playwright-core";
import { signUp } from "../../e2e/visitor";
import { startApp } from "../../support/app-process";
import { launchBrowser } from "../../support/browser";
import type { RunSql } from "../../support/database/sql";
import { createSqlClient } from "../../support/database/sql";
import { startStack } from "../../support/database/test-stack";
import type { ModelServer } from "../../support/model/anthropic-server";
import { startModelServer } from "../../support/model/anthropic-server";
import type { Row } from "../report";
import { round, timings } from "../report";
import type { SuiteOptions } from "../suite";

const MESSAGES = 500;
const REPLY_WORDS = 3_000;
const WORD_EVERY_MS = 10;

/**
 * The conversation's page in a real browser: the JavaScript of its first load, and how long the page takes to show a
 * keystroke or a press while a long reply streams into a long conversation.
 */
export async function pageSuite({ quick }: SuiteOptions): Promise<Row[]> {
  const stack = await startStack({ driver: "pglite" });
  const model = await startModelServer();
  const app = await startApp({
    SUPABASE_URL: stack.address.url,
    SUPABASE_PUBLISHABLE_KEY: stack.address.publishableKey,
    SUPABASE_JWT_SECRET: stack.address.jwtSecret,
    ANTHROPIC_API_KEY: "a-key-for-the-test-server",
    ANTHROPIC_BASE_URL: model.url,
    LOG_LEVEL: "warn",
  });
  const browser = await launchBrowser();
  const context = await browser.newContext({ baseURL: app.url, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await signUp(page, "Noa");
  const url = `${app.url}/clarify/${await fillSession(createSqlClient(stack.address))}`;

  const rows = [
    ...(await measureScripts(browser, context, url)),
    await measureInteractions(page, { url, model, quick }),
  ];

  await browser.close();
  await app.stop();
  await model.close();
  await stack.stop();
  return rows;
}

/** Gives the only person in the database a long conversation. */
async function fillSession(sql: RunSql): Promise<string> {
  const sessionId = crypto.randomUUID();
  const [person] = await sql("select id from users");
  const userId = person?.id;
  await sql("insert into clarify_sessions (id, user_id) values ($1, $2)", [sessionId, userId]);
  const asked = (n: number) =>
    `Message ${n}: I keep thinking about the sea, and about the boat my father never finished.`;
  const answered = (n: number) => `Reply ${n}.\n\n${paragraph(60)}\n\n- ${paragraph(8)}\n- ${paragraph(8)}`;
  for (let n = 0; n < MESSAGES / 2; n += 1) {
    const [question, answer] = [crypto.randomUUID(), crypto.randomUUID()];
    const at = (second: number) => new Date(Date.now() - (MESSAGES - n) * 3_600_000 + second * 1_000).toISOString();
    await sql(
      `insert into clarify_messages (id, user_id, session_id, role, content, created_at)
       values ($1, $2, $3, 'user', $4, $5)`,
      [question, userId, sessionId, asked(n), at(0)],
    );
    await sql(
      `insert into clarify_messages (id, user_id, session_id, role, content, reply_to, model, created_at)
       values ($1, $2, $3, 'assistant', $4, $5, 'a-model', $6)`,
      [answer, userId, sessionId, answered(n), question, at(1)],
    );
  }
  return sessionId;
}

function paragraph(words: number): string {
  return Array.from({ length: words }, (_, index) => WORDS[index % WORDS.length]).join(" ");
}

const WORDS = "what you **said** about the sea stays with me and I wonder where it leads".split(" ");

/**
 * Kilobytes of gzipped scripts, as the browser transferred them into an empty cache: those in the page's HTML
 * (`clarify`), and including those that the page fetches by itself until it is idle (`clarify-idle`).
 */
async function measureScripts(browser: Browser, signedIn: BrowserContext, url: string): Promise<Row[]> {
  const context = await browser.newContext({ storageState: await signedIn.storageState() });
  const page = await context.newPage();
  const response = await page.goto(url, { waitUntil: "networkidle" });
  const html = (await response?.text()) ?? "";
  const named = new Set(
    [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map(([, path = ""]) => new URL(path, url).href),
  );
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
      .map(({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize })),
  );
  await context.close();
  const kilobytes = (of: typeof scripts) => round(of.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000);
  const row = (subject: string, of: typeof scripts): Row => ({
    suite: "page",
    subject,
    metric: "first_load_js_kb",
    n: of.length,
    value: kilobytes(of),
  });
  return [
    row(
      "clarify",
      scripts.filter(({ name }) => named.has(name)),
    ),
    row("clarify-idle", scripts),
  ];
}

interface Scene {
  url: string;
  model: ModelServer;
  quick: boolean;
}

/**
 * Types and presses while a reply streams. Browsers do not report interactions faster than 16 ms; these count as 16.
 */
async function measureInteractions(page: Page, { url, model, quick }: Scene): Promise<Row> {
  await page.goto(url);
  await page.locator("[data-testid=composer][data-ready=true]").waitFor();
  await page.getByTestId("reply-text").last().waitFor();
  await showAll(page);

  const words = paragraph(REPLY_WORDS)
    .split(" ")
    .map((word, index) => (index % 80 === 79 ? `${word}.\n\n` : `${word} `));
  model.otherwise = { kind: "reply", words, everyMs: WORD_EVERY_MS };
  const composer = page.getByRole("textbox", { name: "Message", exact: true });
  await composer.fill("Tell me everything.");
  await composer.press("Enter");
  const reply = page.locator("[data-testid=message][data-state=streaming]");
  await reply.waitFor();
  await page.evaluate(observeInteractions);

  const more = page.getByTestId("inspector-section").first().getByRole("button", { name: /^Show/ });
  let interactions = 0;
  while (await reply.isVisible()) {
    await composer.pressSequentially("What I write meanwhile, ", { delay: 60 });
    interactions += "What I write meanwhile, ".length;
    if ((await more.count()) > 0) {
      await more.click();
      interactions += 1;
    }
    if (quick && interactions > 100) break;
  }
  const reported = await page.evaluate(() => [...(window.interactions?.values() ?? [])]);
  const unreported = Array<number>(Math.max(0, interactions - reported.length)).fill(16);
  return {
    suite: "page",
    subject: "clarify",
    metric: "interaction_to_next_paint_ms",
    ...timings([...reported, ...unreported]),
  };
}

/** Scrolls back until every message is on the page, and then to the newest again. */
async function showAll(page: Page): Promise<void> {
  const messages = page.getByTestId("message");
  const scroller = page.getByTestId("messages");
  for (let count = await messages.count(); count < MESSAGES; count = await messages.count()) {
    await scroller.evaluate((element) => element.scrollTo({ top: 0 }));
    await page.waitForFunction((before) => document.querySelectorAll("[data-testid=message]").length > before, count);
  }
  await page.getByRole("button", { name: "Go to the newest message" }).click();
}

declare global {
  interface PerformanceEventTiming {
    readonly interactionId: number;
  }
  interface Window {
    /** The longest event of each interaction, in milliseconds. */
    interactions?: Map<number, number>;
  }
}

/** Runs in the page. */
function observeInteractions() {
  const interactions = new Map<number, number>();
  window.interactions = interactions;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!(entry instanceof PerformanceEventTiming) || entry.interactionId === 0) continue;
      interactions.set(entry.interactionId, Math.max(entry.duration, interactions.get(entry.interactionId) ?? 0));
    }
  });
  observer.observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
}
