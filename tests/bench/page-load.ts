import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Row } from "./report";
import { round, timings } from "./report";

/** Chromium's own figures for "slow 4G", as Lighthouse uses them. Bytes a second, milliseconds. */
const SLOW_4G = { offline: false, downloadThroughput: 200_000, uploadThroughput: 93_750, latency: 150 };
const SLOWER_PROCESSOR = 4;
/** From this on a task counts as blocking, in milliseconds. */
const BLOCKING_MS = 50;
const LOADS = 5;

interface Visits {
  browser: Browser;
  /** Signed in as somebody who may see the page. */
  signedIn: BrowserContext;
  quick: boolean;
}

export interface LoadedPage {
  subject: string;
  url: string;
  /** What somebody came for. */
  shown: string;
  /** Is there once the page reacts. */
  ready: string;
  /** Is there once everything is drawn. */
  complete: string;
}

/**
 * A first visit to a page: the kilobytes of script that its HTML names and that it loads in all, as transferred; and over
 * slow 4G with a four times slower processor, when it shows what somebody came for, when it reacts, and how long tasks block
 * it until everything is drawn and it is idle.
 */
export async function measureLoad(
  { subject, url, shown, ready, complete }: LoadedPage,
  visits: Visits,
): Promise<Row[]> {
  const scripts = await visit(visits, (page) => loadedScripts(page, url));
  const [shownMs, readyMs]: [number[], number[]] = [[], []];
  const blockingMs: number[] = [];
  await slowVisits(visits, url, async (page) => {
    await page.locator(shown).first().waitFor();
    shownMs.push(await sinceOpened(page));
    await page.locator(ready).first().waitFor({ state: "attached" });
    readyMs.push(await sinceOpened(page));
    await page.locator(complete).first().waitFor({ state: "attached" });
    await page.waitForLoadState("networkidle");
    const tasks = await page.evaluate(() => window.longTasks ?? []);
    blockingMs.push(tasks.reduce((sum, ms) => sum + ms - BLOCKING_MS, 0));
  });
  const kilobytes = (of: typeof scripts) => round(of.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000);
  const named = scripts.filter(({ first }) => first);
  return [
    { suite: "page", subject, metric: "first_load_js_kb", n: named.length, value: kilobytes(named) },
    { suite: "page", subject, metric: "idle_js_kb", n: scripts.length, value: kilobytes(scripts) },
    { suite: "page", subject, metric: "shown_slow_4g_ms", ...timings(shownMs) },
    { suite: "page", subject, metric: "ready_slow_4g_ms", ...timings(readyMs) },
    { suite: "page", subject, metric: "blocking_slow_4g_ms", ...timings(blockingMs) },
  ];
}

/**
 * A message that is written and sent as soon as a conversation shows its composer, over slow 4G with a four times slower
 * processor: when the composer has taken it, and when its request has left the browser.
 */
export async function measureFirstMessage(subject: string, url: string, visits: Visits): Promise<Row[]> {
  const [takenMs, sentMs]: [number[], number[]] = [[], []];
  await slowVisits(visits, url, async (page) => {
    const request = page.waitForRequest((request) => request.url().includes("/messages.send"));
    const composer = page.locator("[data-testid=composer] textarea");
    const words = `And now, on ${crypto.randomUUID()}?`;
    await composer.fill(words);
    await composer.press("Enter");
    takenMs.push(await sinceOpened(page));
    if (!(await request).postData()?.includes(words)) throw new Error("Something else was sent than was written");
    sentMs.push(await sinceOpened(page));
  });
  return [
    { suite: "page", subject, metric: "message_taken_slow_4g_ms", ...timings(takenMs) },
    { suite: "page", subject, metric: "message_sent_slow_4g_ms", ...timings(sentMs) },
  ];
}

/** Opens a page with an empty cache. */
async function visit<T>({ browser, signedIn }: Visits, visited: (page: Page) => Promise<T>): Promise<T> {
  const storageState = await signedIn.storageState();
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
  const result = await visited(await context.newPage());
  await context.close();
  return result;
}

/** Opens an address several times, over slow 4G with a slower processor. */
async function slowVisits(visits: Visits, url: string, visited: (page: Page) => Promise<void>): Promise<void> {
  for (let load = 0; load < (visits.quick ? 1 : LOADS); load += 1) {
    await visit(visits, async (page) => {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Network.emulateNetworkConditions", SLOW_4G);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_PROCESSOR });
      await page.addInitScript(watchTasks);
      await page.goto(url, { waitUntil: "commit" });
      await visited(page);
    });
  }
}

/** In milliseconds. */
const sinceOpened = (page: Page): Promise<number> => page.evaluate(() => performance.now());

/** Every script that the page loads by itself. `first`: its HTML names it. */
async function loadedScripts(page: Page, url: string) {
  const response = await page.goto(url, { waitUntil: "networkidle" });
  const html = (await response?.text()) ?? "";
  const named = new Set(
    [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map(([, path = ""]) => new URL(path, url).href),
  );
  const loaded = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
      .map(({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize })),
  );
  return loaded.map(({ name, bytes }) => ({ bytes, first: named.has(name) }));
}

declare global {
  interface Window {
    /** How long each task took that blocked the page, in milliseconds. */
    longTasks?: number[];
  }
}

/** Runs in the page. */
function watchTasks() {
  const tasks: number[] = [];
  window.longTasks = tasks;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
}
