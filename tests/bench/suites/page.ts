import type { Page } from "playwright-core";
import { signIn } from "../../e2e/visitor";
import { startApp } from "../../support/app-process";
import { launchBrowser } from "../../support/browser";
import { signUpPerson } from "../../support/database/person";
import type { RunSql } from "../../support/database/sql";
import { createSqlClient } from "../../support/database/sql";
import { startStack } from "../../support/database/test-stack";
import type { ModelServer } from "../../support/model/anthropic-server";
import { startModelServer } from "../../support/model/anthropic-server";
import type { LoadedPage } from "../page-load";
import { measureFirstMessage, measureLoad } from "../page-load";
import type { Row } from "../report";
import { timings } from "../report";
import type { SuiteOptions } from "../suite";

const MESSAGES = 500;
const REPLY_WORDS = 3_000;
const WORD_EVERY_MS = 10;
/** Only messages that the browser has rendered tell their time. */
const RENDERED_TIME = "[data-testid=message] time";

/**
 * Pages in a real browser: what their first load takes, and how long the conversation's page takes to show a keystroke or a
 * press while a long reply streams into a long conversation.
 */
export async function pageSuite({ quick }: SuiteOptions): Promise<Row[]> {
  const stack = await startStack({ driver: "pglite" });
  const model = await startModelServer();
  const person = await signUpPerson(stack.address, { name: "Noa" });
  const app = await startApp({
    SUPABASE_URL: stack.address.url,
    SUPABASE_PUBLISHABLE_KEY: stack.address.publishableKey,
    SUPABASE_JWT_SECRET: stack.address.jwtSecret,
    ANTHROPIC_API_KEY: "a-key-for-the-test-server",
    ANTHROPIC_BASE_URL: model.url,
    OPERATOR_IDS: person.id,
    LOG_LEVEL: "warn",
  });
  const browser = await launchBrowser();
  const context = await browser.newContext({ baseURL: app.url, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await signIn(page, person);
  const url = `${app.url}/clarify/${await fillSession(createSqlClient(stack.address), person.id)}`;

  const pages: LoadedPage[] = [
    {
      subject: "conversation",
      url,
      shown: "textarea",
      ready: "[data-testid=composer][data-ready=true]",
      complete: RENDERED_TIME,
    },
    {
      subject: "insights",
      url: `${app.url}/insights`,
      shown: "h1",
      ready: "[data-testid=target-contextBuild]",
      complete: "[data-testid=plot]",
    },
  ];
  const rows: Row[] = [];
  const visits = { browser, signedIn: context, quick };
  for (const each of pages) rows.push(...(await measureLoad(each, visits)));
  rows.push(...(await measureFirstMessage("conversation", url, visits)));
  rows.push(await measureInteractions(page, { url, model, quick }));

  await browser.close();
  await app.stop();
  await model.close();
  await stack.stop();
  return rows;
}

/** Gives a person a long conversation. */
async function fillSession(sql: RunSql, userId: string): Promise<string> {
  const sessionId = crypto.randomUUID();
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
  await page.locator(RENDERED_TIME).last().waitFor({ state: "attached" });
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
