import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Row } from "./report";
import { round, timings } from "./report";

/** Chromium's own figures for "slow 4G", as Lighthouse uses them. Bytes a second, milliseconds. */
const SLOW_4G = { offline: false, downloadThroughput: 200_000, uploadThroughput: 93_750, latency: 150 };
const SLOWER_PROCESSOR = 4;
/** From this on a task counts as blocking, in milliseconds. */
const BLOCKING_MS = 50;
const LOADS = 5;
const TYPED_EARLY = "I write before the page is ready.";

export interface LoadedPage {
  subject: string;
  url: string;
  /** What somebody came for. If it is a text field, what is typed into it at once must be kept. */
  shown: string;
  /** Is there once the page reacts. */
  ready: string;
}

interface LoadOptions extends LoadedPage {
  browser: Browser;
  /** Signed in as somebody who may see the page. */
  signedIn: BrowserContext;
  quick: boolean;
}

/**
 * A first visit to a page: the kilobytes of script that its HTML names and that it loads in all, as transferred; and over
 * slow 4G with a four times slower processor, when it shows what somebody came for, when it reacts, and how long tasks block
 * it until it is idle.
 */
export async function measureLoad({
  browser,
  signedIn,
  subject,
  url,
  shown,
  ready,
  quick,
}: LoadOptions): Promise<Row[]> {
  const storageState = await signedIn.storageState();
  const visit = async <T>(visited: (page: Page) => Promise<T>): Promise<T> => {
    const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
    const result = await visited(await context.newPage());
    await context.close();
    return result;
  };

  const scripts = await visit((page) => loadedScripts(page, url));
  const [shownMs, readyMs]: [number[], number[]] = [[], []];
  const blockingMs: number[] = [];
  for (let load = 0; load < (quick ? 1 : LOADS); load += 1) {
    await visit(async (page) => {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Network.emulateNetworkConditions", SLOW_4G);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_PROCESSOR });
      await page.addInitScript(watchTasks);
      await page.goto(url, { waitUntil: "commit" });
      const now = () => page.evaluate(() => performance.now());
      const sought = page.locator(shown).first();
      await sought.waitFor();
      shownMs.push(await now());
      const isField = await sought.evaluate((element) => element instanceof HTMLTextAreaElement);
      if (isField) await sought.pressSequentially(TYPED_EARLY);
      await page.locator(ready).first().waitFor({ state: "attached" });
      readyMs.push(await now());
      if (isField && (await sought.inputValue()) !== TYPED_EARLY) throw new Error("What was typed early is lost");
      await page.waitForLoadState("networkidle");
      const tasks = await page.evaluate(() => window.longTasks ?? []);
      blockingMs.push(tasks.reduce((sum, ms) => sum + ms - BLOCKING_MS, 0));
    });
  }
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
