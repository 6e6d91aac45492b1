import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import type { FaultProxy } from "../support/database/fault-proxy";
import { startFaultProxy } from "../support/database/fault-proxy";
import type { SignedUpPerson } from "../support/database/person";
import { signUpPerson } from "../support/database/person";
import { createSqlClient } from "../support/database/sql";
import type { TestStack } from "../support/database/test-stack";
import { startStack } from "../support/database/test-stack";
import type { Visitor } from "./visitor";
import { holdScripts, renderedInBrowser, replied, requestsFor, say, signIn, visit } from "./visitor";

// What the server's HTML has of a conversation, and what hydration does to it.

const MESSAGES = /GET \/rest\/v1\/clarify_messages/;
/** As many as are read at once. */
const SHOWN = 30;

let browser: Browser;
let stack: TestStack;
let proxy: FaultProxy;
let app: AppProcess;
let person: SignedUpPerson;
let storageState: Awaited<ReturnType<BrowserContext["storageState"]>>;
let path: string;
const visitors: Visitor[] = [];
beforeAll(async () => {
  browser = await launchBrowser();
  stack = await startStack();
  proxy = await startFaultProxy(stack.address.url);
  app = await startApp({
    SUPABASE_URL: proxy.url,
    SUPABASE_PUBLISHABLE_KEY: stack.address.publishableKey,
    SUPABASE_JWT_SECRET: stack.address.jwtSecret,
    SUPABASE_JWT_ISSUER: new URL("/auth/v1", stack.address.url).href,
  });
  person = await signUpPerson(stack.address, { name: "Noa" });
  path = await longConversation();
  const { page, context, close } = await visit(browser, app.url);
  await signIn(page, person);
  storageState = await context.storageState();
  await close();
});
afterAll(async () => {
  await app.stop();
  await proxy.close();
  await stack.stop();
  await browser.close();
});
afterEach(async ({ task }) => {
  proxy.heal();
  const complaints = visitors.flatMap((visitor) => visitor.complaints);
  for (const { close } of visitors.splice(0)) await close();
  if (task.result?.state !== "fail") expect(complaints).toEqual([]);
});

/** The last but one is met with help. */
const asked = (n: number) =>
  `Message ${n}: I keep thinking about the sea, and <b>about</b> the boat.${n === 22 ? " I want to die." : ""}`;
const answered = (n: number) =>
  `Reply ${n}. ${"What you **said** about the sea stays with me. ".repeat(12)}\n\n- first of ${n}\n- second\n\nמה שאמרת על הים נשאר איתי.`;

/** A message and its reply in every second hour up to now, so that in every time zone a day ends among those that are shown. */
async function longConversation(): Promise<string> {
  const sql = createSqlClient(stack.address);
  const sessionId = crypto.randomUUID();
  await sql("insert into clarify_sessions (id, user_id) values ($1, $2)", [sessionId, person.id]);
  for (let n = 0; n < 24; n += 1) {
    const [question, answer] = [crypto.randomUUID(), crypto.randomUUID()];
    const at = (second: number) =>
      new Date(Date.now() - (23 - n) * 2 * 3_600_000 - 60_000 + second * 1_000).toISOString();
    await sql(
      `insert into clarify_messages (id, user_id, session_id, role, content, created_at)
       values ($1, $2, $3, 'user', $4, $5)`,
      [question, person.id, sessionId, asked(n), at(0)],
    );
    await sql(
      `insert into clarify_messages (id, user_id, session_id, role, content, reply_to, model, created_at)
       values ($1, $2, $3, 'assistant', $4, $5, 'a-model', $6)`,
      [answer, person.id, sessionId, answered(n), question, at(1)],
    );
  }
  return `/clarify/${sessionId}`;
}

/** A reply that was cut short, and holds code. */
async function cutConversation(): Promise<string> {
  const sql = createSqlClient(stack.address);
  const [sessionId, question, answer] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  await sql("insert into clarify_sessions (id, user_id) values ($1, $2)", [sessionId, person.id]);
  await sql(
    "insert into clarify_messages (id, user_id, session_id, role, content) values ($1, $2, $3, 'user', 'A poem?')",
    [question, person.id, sessionId],
  );
  await sql(
    `insert into clarify_messages (id, user_id, session_id, role, content, reply_to, status, model, created_at)
     values ($1, $2, $3, 'assistant', $4, $5, 'interrupted', 'a-model', now() + interval '1 second')`,
    [answer, person.id, sessionId, "Here:\n\n```\nthe sea\n```\n\nand", question],
  );
  return `/clarify/${sessionId}`;
}

/** A page of the person's, who has been here before with such a browser. */
async function returning(options: BrowserContextOptions = {}): Promise<Page> {
  const visitor = await visit(browser, app.url, { ...options, storageState });
  visitors.push(visitor);
  await visitor.page.goto("/clarify");
  await visitor.page.getByTestId("session-row").first().waitFor();
  return visitor.page;
}

/** The same without scripts. */
async function withoutScripts(options: BrowserContextOptions): Promise<Page> {
  const known = await (await returning(options)).context().storageState();
  const visitor = await visit(browser, app.url, { ...options, storageState: known, javaScriptEnabled: false });
  visitors.push(visitor);
  return visitor.page;
}

/** The HTML of the conversation, with its messages: the server waits for them only so long, which a busy machine may exceed. */
async function sentHtml(page: Page): Promise<string> {
  let html = "";
  const load = async () => {
    html = await (await page.request.get(path)).text();
    return html;
  };
  await expect.poll(load).toContain('data-testid="messages"');
  return html;
}

/** Opens the conversation, with its messages in the HTML. */
async function open(page: Page, at = path): Promise<void> {
  const load = async () => {
    await page.goto(at, { waitUntil: "commit" });
    // It stands behind the messages.
    await page.getByTestId("composer").waitFor({ state: "attached" });
    return page.getByTestId("messages").count();
  };
  await expect.poll(load).toBe(1);
}

const lastEntry = (page: Page) => page.getByTestId("message").last();

/** Where everything is that is said, in pixels of the window. */
function places(page: Page): Promise<number[]> {
  return page.getByTestId("messages").evaluate((scroller) =>
    [...scroller.querySelectorAll("h2, [data-entry], [data-entry] :is(p, li)")].flatMap((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x, y, width, height];
    }),
  );
}

describe("the HTML of a conversation", () => {
  it("has the text of each message in it, in the markup that it is shown with", async () => {
    const page = await returning();
    const html = await sentHtml(page);
    const shown = html.replaceAll(/<script\b.*?<\/script>/gs, "");
    const section = /<section[^>]*data-testid="messages".*?<\/main>/s.exec(shown)?.[0] ?? "";
    expect(section.match(/data-testid="message"/g)).toHaveLength(SHOWN);
    for (let n = 24 - SHOWN / 2; n < 24; n += 1) {
      expect(section).toContain(`Message ${n}: I keep thinking about the sea, and &lt;b&gt;about&lt;/b&gt; the boat.`);
      expect(section).toContain(`Reply ${n}. What you <strong>said</strong> about the sea`);
      expect(section).toMatch(new RegExp(`<li[^>]*>first of ${n}</li>`));
    }
    // React hides what a boundary has sent too late.
    expect(shown).not.toMatch(/<div hidden="" id="S:/);
  });

  it("names no script that renders markdown or knows the words of a crisis", async () => {
    const page = await returning();
    const html = await sentHtml(page);
    const named = [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map(([, src = ""]) => src);
    expect(named.length).toBeGreaterThan(5);
    for (const src of named) {
      const script = await (await page.request.get(src)).text();
      expect(script).not.toContain("prose-mirror-block");
      expect(script).not.toContain("לאבד");
    }
  });

  it.each([
    ["English and light", { locale: "en-GB", colorScheme: "light" }],
    ["Hebrew and dark", { locale: "he-IL", colorScheme: "dark" }],
  ] as const)("can be read without scripts, from the newest message back, in %s", async (_which, options) => {
    const page = await withoutScripts({ ...options, timezoneId: "Asia/Jerusalem" });
    await open(page);
    const messages = page.getByTestId("message");
    expect(await messages.count()).toBe(SHOWN);
    const { top, bottom } = await page.getByTestId("messages").evaluate((scroller) => scroller.getBoundingClientRect());
    const newest = await lastEntry(page).boundingBox();
    expect(newest?.y).toBeGreaterThan(top);
    expect((newest?.y ?? 0) + (newest?.height ?? 0)).toBeLessThan(bottom);
    await messages.first().scrollIntoViewIfNeeded();
    expect(await messages.first().isVisible()).toBe(true);
    expect(await messages.first().innerText()).toContain(asked(24 - SHOWN / 2));
    expect(await page.getByTestId("messages").getByRole("button").count()).toBe(0);
    expect(await page.getByTestId("help-notice").innerText()).toContain("1201");
  });
});

describe("hydration", () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

  it.each([
    ["in English", { locale: "en-GB", timezoneId: "America/Los_Angeles" }],
    ["in Hebrew, at night", { locale: "he-IL", timezoneId: "Asia/Jerusalem", colorScheme: "dark" }],
    ["on a phone", { ...phone, timezoneId: "Pacific/Auckland" }],
  ] as const)("moves nothing %s", async (_which, options) => {
    const page = await returning(options);
    const release = await holdScripts(page);
    await open(page);
    await lastEntry(page).waitFor();
    const before = await places(page);
    expect(before.length).toBeGreaterThan(SHOWN);
    release();
    await renderedInBrowser(page);
    const after = await places(page);
    expect(after.length).toBe(before.length);
    const moved = after.map((place, index) => Math.abs(place - (before[index] ?? 0)));
    // Scrollers stand on whole pixels in one direction only.
    expect(Math.max(...moved)).toBeLessThan(0.5);
  });

  it("leaves the reader where they have scrolled to", async () => {
    const page = await returning();
    const release = await holdScripts(page);
    await open(page);
    await lastEntry(page).hover();
    await page.mouse.wheel(0, -700);
    const position = () =>
      page.getByText(asked(22)).evaluate((element) => Math.round(element.getBoundingClientRect().y));
    await expect.poll(() => page.getByTestId("messages").evaluate(({ scrollTop }) => scrollTop)).toBe(-700);
    const before = await position();
    release();
    await renderedInBrowser(page);
    expect(await position()).toBe(before);
    await page.getByRole("button", { name: "Go to the newest message" }).waitFor();
  });

  it.each([
    ["the list", () => 0, "Reply 23."],
    ["a message", (count: number) => count - 1, "Reply 22."],
  ])("leaves the focus on %s, and keys go on from there", async (_which, place, above) => {
    const page = await returning();
    const release = await holdScripts(page);
    await open(page);
    const focusable = page.locator("[data-testid=messages], [data-testid=messages] [data-role=user]");
    await focusable.nth(place(await focusable.count())).focus();
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: active } = document;
        return active instanceof HTMLElement ? (active.dataset.entry ?? active.dataset.testid) : null;
      });
    const before = await focused();
    release();
    await renderedInBrowser(page);
    await page.locator("[data-testid=composer][data-ready=true]").waitFor();
    expect(await focused()).toBe(before);
    await page.keyboard.press("ArrowUp");
    expect(await page.locator("[data-entry]:focus").innerText()).toContain(above);
  });

  it("shows no button before it can be pressed", async () => {
    const cut = await cutConversation();
    const page = await returning();
    const release = await holdScripts(page);
    await open(page, cut);
    await lastEntry(page).getByText("the sea").waitFor();
    const buttons = page.getByTestId("messages").getByRole("button");
    expect(await buttons.count()).toBe(0);
    release();
    await page.getByRole("button", { name: "Continue" }).click();
    await replied(page, 1);
  });

  it("reads nothing again, and the conversation goes on", async () => {
    const page = await returning();
    const reads = requestsFor(page, "messages.list");
    await page.goto(path);
    await renderedInBrowser(page);
    expect(reads.count).toBe(0);
    await say(page, "And the harbour?");
    await replied(page, SHOWN / 2 + 1);
  });
});

describe("messages that are late", () => {
  it("are not waited for: the page comes without them, and they come when they are there", async () => {
    const page = await returning();
    proxy.inject({ kind: "hold" }, MESSAGES);
    const begun = performance.now();
    await page.goto(path, { waitUntil: "commit" });
    await page.locator("[data-testid=composer][data-ready=true]").waitFor();
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await page.getByTestId("message").count()).toBe(0);
    proxy.heal();
    await lastEntry(page).waitFor();
  });

  it("are not needed to send a message before the scripts have arrived", async () => {
    const page = await returning();
    const release = await holdScripts(page);
    proxy.inject({ kind: "hold" }, MESSAGES);
    await page.goto(path, { waitUntil: "commit" });
    await say(page, "And the lighthouse?");
    release();
    await page.locator("[data-testid=composer][data-ready=true]").waitFor();
    proxy.heal();
    await page.getByTestId("message").filter({ hasText: "And the lighthouse?" }).waitFor();
    await lastEntry(page).and(page.locator("[data-state=complete]")).waitFor();
  });
});
