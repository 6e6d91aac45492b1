import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import type { FaultProxy } from "../support/database/fault-proxy";
import { startFaultProxy } from "../support/database/fault-proxy";
import type { TestStack } from "../support/database/test-stack";
import { startStack } from "../support/database/test-stack";
import type { Visitor } from "./visitor";
import {
  composer,
  continueAsDemo,
  goCold,
  lastBuild,
  newConversation,
  replied,
  replies,
  requestsFor,
  say,
  sectionSources,
  signIn,
  signUp,
  visit,
} from "./visitor";

const appUrl = inject("appUrl");

let browser: Browser;
let visitor: Visitor;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("warm before Enter is pressed", () => {
  beforeEach(async () => {
    visitor = await visit(browser, appUrl);
  });
  afterEach(async ({ task }) => {
    await visitor.close();
    if (task.result?.state !== "fail") expect(visitor.complaints).toEqual([]);
  });

  it("has all five sections in the cache when a link is hovered, pressed 300 ms later, and a message is sent at once", async () => {
    const { page } = visitor;
    await continueAsDemo(page);
    const buildMs: number[] = [];
    for (const nth of [0, 1, 2]) {
      await page.goto("/clarify");
      const row = page.getByTestId("session-row").nth(nth);
      await row.waitFor();
      await goCold(page);
      await row.getByRole("link").hover();
      await page.waitForTimeout(300); // As long as a hand takes; the test measures what happens in this time.
      await row.getByRole("link").click();
      await page.waitForURL(/\/clarify\/.+/);
      await say(page, "I keep thinking about the sea.");
      const build = await lastBuild(page);
      expect(build.fromMemory).toBe(5);
      buildMs.push(build.buildMs);
      await replies(page).last().and(page.locator("[data-state=complete]")).waitFor();
    }
    const median = buildMs.toSorted((left, right) => left - right)[1];
    expect(median).toBeLessThan(10);
  });

  it("is built when somebody signs in, so that not even their first page waits for a section", async () => {
    const { page } = visitor;
    const { email, password } = await signUp(page, "Noa");
    await goCold(page);
    await visitor.context.clearCookies();
    await signIn(page, { email, password });
    await newConversation(page);
    await expect.poll(async () => Object.keys(await sectionSources(page)).length).toBe(5);
    for (const source of Object.values(await sectionSources(page))) expect(source).toMatch(/^(fresh|joined)$/);
  });

  it("sends one request, however often a link is hovered, focused and touched, and none when the page opens", async () => {
    const { page } = visitor;
    await continueAsDemo(page);
    const link = page.getByTestId("session-row").nth(1).getByRole("link");
    await link.waitFor();
    const contexts = requestsFor(page, "clarifyContext.get");
    const messages = requestsFor(page, "messages.list");
    for (let time = 0; time < 4; time += 1) {
      await link.hover();
      await link.focus();
      await link.dispatchEvent("touchstart");
      await page.getByRole("searchbox").hover();
    }
    await link.click();
    await page.getByTestId("inspector-section").nth(4).waitFor();
    await page.getByTestId("message").last().waitFor();
    expect(contexts).toEqual({ count: 1, most: 1 });
    expect(messages).toEqual({ count: 1, most: 1 });
  });

  it("streams the context into a page that is opened by its address, and requests nothing again", async () => {
    const { page } = visitor;
    await continueAsDemo(page);
    const path = await page.getByTestId("session-row").first().getByRole("link").getAttribute("href");
    const contexts = requestsFor(page, "clarifyContext.get");
    await page.goto(path ?? "");
    await page.getByTestId("inspector-section").nth(4).waitFor();
    await page.getByTestId("message").last().waitFor();
    expect(contexts.count).toBe(0);
  });

  it("never sends two requests for one conversation's context at the same time, through a whole exchange", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    const contexts = requestsFor(page, "clarifyContext.get");
    await newConversation(page);
    for (const turn of [1, 2]) {
      await composer(page).pressSequentially(`Message ${turn}`);
      await composer(page).press("Enter");
      await replied(page, turn);
    }
    await page.getByTestId("last-build").waitFor({ state: "attached" });
    expect(contexts.count).toBeGreaterThan(0);
    expect(contexts.most).toBe(1);
  });
});

describe("the page prefetches nothing", () => {
  it("if the browser is to save data", async () => {
    const saving = await visit(browser, appUrl, {
      viewport: { width: 1100, height: 800 },
      extraHTTPHeaders: { "Save-Data": "on" },
    });
    const { page } = saving;
    await page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, "connection", { get: () => ({ saveData: true }) });
    });
    await continueAsDemo(page);
    const link = page.getByTestId("session-row").nth(1).getByRole("link");
    await link.waitFor();
    const contexts = requestsFor(page, "clarifyContext.get");
    const messages = requestsFor(page, "messages.list");
    await link.hover();
    await link.focus();
    expect(messages.count).toBe(0);
    await link.click();
    await page.getByTestId("message").last().waitFor();
    await composer(page).pressSequentially("Half a thought");
    expect(contexts.count).toBe(0);
    const documentWith = async (headers: Record<string, string>) =>
      (await page.request.get(page.url(), { headers })).text();
    expect(await documentWith({ "Save-Data": "off" })).toContain("clarifyContext");
    expect(await documentWith({ "Save-Data": "on" })).not.toContain("clarifyContext");
    await saving.close();
  });

  it("while the tab is hidden; afterwards the context is requested if it has aged", async () => {
    const { page, close } = await visit(browser, appUrl, { viewport: { width: 1100, height: 800 } });
    await page.clock.install();
    await page.addInitScript(() => {
      const state = { hidden: false };
      Object.defineProperty(Document.prototype, "hidden", { get: () => state.hidden });
      Object.defineProperty(Document.prototype, "visibilityState", {
        get: () => (state.hidden ? "hidden" : "visible"),
      });
      addEventListener("test:hide", () => {
        state.hidden = true;
        document.dispatchEvent(new Event("visibilitychange"));
      });
      addEventListener("test:show", () => {
        state.hidden = false;
        document.dispatchEvent(new Event("visibilitychange"));
      });
    });
    const become = (what: "hide" | "show") => page.evaluate((name) => dispatchEvent(new Event(name)), `test:${what}`);
    await continueAsDemo(page);
    const rows = page.getByTestId("session-row");
    await rows.first().getByRole("link").click();
    await page.getByTestId("message").last().waitFor();
    const contexts = requestsFor(page, "clarifyContext.get");

    await become("hide");
    await rows.nth(1).getByRole("link").hover();
    await composer(page).pressSequentially("a");
    await page.clock.fastForward(200_000);
    await composer(page).pressSequentially("b");
    expect(contexts.count).toBe(0);

    await become("show");
    await expect.poll(() => contexts.count).toBe(1);
    await become("hide");
    await become("show");
    await composer(page).pressSequentially("c");
    await page.clock.fastForward(200_000);
    await composer(page).pressSequentially("d");
    await expect.poll(() => contexts.count).toBe(2);
    await close();
  });
});

describe("a message that is faster than the database", () => {
  /** The five loads of the context, without the page's other reads of the same tables. */
  const LOADS = {
    users: /GET \/rest\/v1\/users\?.*total_sessions/,
    dreams: /GET \/rest\/v1\/dreams\?.*limit=6\b/,
    patterns: /GET \/rest\/v1\/clarify_patterns\?.*limit=11\b/,
    sessions: /GET \/rest\/v1\/clarify_sessions\?.*limit=5\b/,
    reflections: /GET \/rest\/v1\/reflections\?.*limit=4\b/,
  };
  let stack: TestStack;
  let proxy: FaultProxy;
  let app: AppProcess;
  beforeAll(async () => {
    stack = await startStack();
    proxy = await startFaultProxy(stack.address.url);
    app = await startApp({
      SUPABASE_URL: proxy.url,
      SUPABASE_PUBLISHABLE_KEY: stack.address.publishableKey,
      SUPABASE_JWT_SECRET: stack.address.jwtSecret,
      METRICS_TOKEN,
    });
  });
  afterAll(async () => {
    await app.stop();
    await proxy.close();
    await stack.stop();
  });

  it("joins the loads of opening the page: one load per section in all", async () => {
    const { page, close } = await visit(browser, app.url);
    await signUp(page, "Noa");
    const path = await newConversation(page);
    await say(page, "Hello.");
    await replied(page, 1);
    await page.getByTestId("inspector-section").nth(4).waitFor();
    await goCold(page);
    const before = await loadsPerSection(app.url);

    for (const where of Object.values(LOADS)) proxy.inject({ kind: "hold" }, where);
    proxy.forget();
    await page.addInitScript(sendAsSoonAsPossible);
    await page.goto(path, { waitUntil: "commit" });
    // The build of the message begins before the message is stored.
    await proxy.arrived(1, /rpc\/begin_message/);
    proxy.heal();
    await page.getByTestId("last-build").waitFor({ state: "attached" });
    const loads = Object.entries(LOADS).map(([section, where]) => [section, proxy.count(where)]);
    expect(Object.fromEntries(loads)).toEqual({ users: 1, dreams: 1, patterns: 1, sessions: 1, reflections: 1 });
    expect(await page.evaluate(() => document.documentElement.dataset.sent)).toBe("at once");
    expect((await lastBuild(page)).fromMemory).toBe(0);

    await replied(page, 2);
    const after = await loadsPerSection(app.url);
    // The stored message outdates the conversations, and only those are read again.
    for (const section of ["user", "dreams", "patterns", "reflections"]) {
      expect([section, (after[section] ?? 0) - (before[section] ?? 0)]).toEqual([section, 1]);
    }
    await close();
  });
});

/** Runs in the page: writes a message and sends it at the moment when the composer can be used. */
function sendAsSoonAsPossible() {
  const watch = () => {
    const form = document.querySelector<HTMLElement>("[data-testid=composer][data-ready=true]");
    const field = form?.querySelector("textarea");
    if (!field) return void requestAnimationFrame(watch);
    field.focus();
    document.execCommand("insertText", false, "Written at once.");
    // After React has handled the text, and before anything else that a page does while it opens.
    queueMicrotask(() => {
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
      document.documentElement.dataset.sent = "at once";
    });
  };
  requestAnimationFrame(watch);
}

const METRICS_TOKEN = "a-token-for-this-test-alone";

/** How often each section was loaded from the database, from the app's own metrics. */
async function loadsPerSection(url: string): Promise<Record<string, number>> {
  const response = await fetch(`${url}/api/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  if (!response.ok) throw new Error(`No metrics: ${response.status}`);
  const text = await response.text();
  const counts = text.matchAll(/^clarify_section_load_ms_count\{[^}]*section="(\w+)"[^}]*\} (\d+)/gm);
  const loads: Record<string, number> = {};
  for (const [, section = "", count] of counts) loads[section] = (loads[section] ?? 0) + Number(count);
  return loads;
}
