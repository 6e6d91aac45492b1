import { createTRPCClient, httpBatchStreamLink } from "@trpc/client";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { millisecondWords } from "@/components/insights/words";
import { DEMO_ACCOUNT } from "@/server/demo/seed";
import type { AppRouter } from "@/server/router";
import { transformer } from "@/server/trpc/transport";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import type { ModelServer } from "../support/model/anthropic-server";
import { startModelServer } from "../support/model/anthropic-server";
import type { Scrape } from "../support/prometheus";
import { parsePrometheus } from "../support/prometheus";
import type { Visitor } from "./visitor";
import { accessibilityViolations, screenshot, signIn, signInAsOwner, signUp, visit } from "./visitor";

const METRICS_TOKEN = "what-a-scraper-carries";

let app: AppProcess;
let model: ModelServer;
let browser: Browser;
let operator: Visitor;

// An app of its own, so that its figures contain no other traffic.
beforeAll(async () => {
  model = await startModelServer();
  model.otherwise = () => ({
    kind: "reply",
    words: ["I ", "hear ", "you."],
    usage: { input_tokens: 150, cache_read_input_tokens: 1_800, cache_creation_input_tokens: 50 },
  });
  [app, browser] = await Promise.all([
    startApp({ METRICS_TOKEN, ANTHROPIC_API_KEY: "a-key", ANTHROPIC_BASE_URL: model.url, PROMPT_PREWARM: "off" }),
    launchBrowser(),
  ]);
  operator = await visit(browser, app.url);
  // Who goes to the conversations builds a context.
  await signIn(operator.page, DEMO_ACCOUNT, "/insights");
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await model.close();
});

async function scrape(): Promise<Scrape> {
  const response = await fetch(`${app.url}/api/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  expect(response.status).toBe(200);
  return parsePrometheus(await response.text());
}

/** Calls procedures as the person who is signed in there. */
async function clientOf(context: BrowserContext) {
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  return createTRPCClient<AppRouter>({
    links: [httpBatchStreamLink({ url: `${app.url}/api/trpc`, transformer, headers: { cookie } })],
  });
}

/** A quantile computed from the buckets, as Prometheus does it. */
function quantile(buckets: { le: number; count: number }[], share: number): number {
  const rank = share * (buckets.at(-1)?.count ?? 0);
  const index = buckets.findIndex(({ count }) => count >= rank && count > 0);
  const upper = buckets[index];
  const lower = buckets[index - 1] ?? { le: 0, count: 0 };
  if (upper === undefined) throw new Error("There is nothing in the buckets");
  return lower.le + (upper.le - lower.le) * ((rank - lower.count) / (upper.count - lower.count));
}

/** The page's counts of a section's sources. */
async function sourcesOf(page: Page, section: string): Promise<Record<string, number>> {
  const cells = await page.locator(`[data-testid=sources] tr[data-section=${section}] td`).all();
  const counts = cells.map(async (cell) => [
    (await cell.getAttribute("data-outcome")) ?? "",
    Number((await cell.innerText()).replaceAll(",", "")),
  ]);
  return Object.fromEntries(await Promise.all(counts));
}

const figure = (page: Page, name: string) => page.getByRole("figure", { name, exact: true });

describe("an operator", () => {
  it("gets instructions while nothing was counted", async () => {
    await operator.page.goto("/insights");
    const empty = operator.page.getByTestId("insights-empty");
    await empty.waitFor();
    expect(await empty.innerText()).toContain("Open a conversation");
    expect(await accessibilityViolations(operator.page)).toEqual([]);
  });

  it("sees the exact counts of known traffic, live, and equal to /api/metrics", async () => {
    const { page } = operator;
    await page.goto("/insights");
    const noa = await visit(browser, app.url);
    await signUp(noa.page, "Noa");
    await noa.page.close();
    const client = await clientOf(noa.context);
    const kept = (count: number) =>
      expect
        .poll(async () => (await scrape()).total("clarify_cache_write_ms_count", { operation: "fill" }))
        .toBe(count);

    // The sign-up and the page after it; two messages, each the first of its conversation, and the builds that keep the context
    // warm after their replies. A message keeps the two sections that a new conversation outdates, one of them again after the
    // reply, and the conversation for its next message.
    await kept(5);
    for (const [content, keptInAll] of [
      ["The sea, again.", 9],
      ["And the boat.", 13],
    ] as const) {
      const { id: sessionId } = await client.sessions.create.mutate({ id: crypto.randomUUID() });
      const message = { sessionId, id: crypto.randomUUID(), content };
      for await (const _event of await client.messages.send.mutate(message));
      await kept(keptInAll);
    }
    expect((await scrape()).total("clarify_context_build_ms_count")).toBe(6);

    await client.clarifyContext.invalidate.mutate({});
    const before = await scrape();
    const since = async (name: string, labels?: Record<string, string>) =>
      (await scrape()).total(name, labels) - before.total(name, labels);
    const filled = (count: number) =>
      expect.poll(() => since("clarify_cache_write_ms_count", { operation: "fill" })).toBe(count);

    // A cold build, eight warm ones, and one that misses a single section.
    await client.clarifyContext.get.query({ sessionId: null });
    await filled(5);
    for (let build = 0; build < 8; build += 1) await client.clarifyContext.get.query({ sessionId: null });
    await client.clarifyContext.invalidate.mutate({ sections: ["dreams"] });
    await client.clarifyContext.get.query({ sessionId: null });
    await filled(6);

    expect(await since("clarify_context_build_ms_count", { temperature: "cold" })).toBe(2);
    expect(await since("clarify_context_build_ms_count", { temperature: "warm" })).toBe(8);
    expect(await since("clarify_query_parallel_ms_count")).toBe(2);
    expect(await since("clarify_cache_read_ms_count")).toBe(50);
    expect(await since("clarify_section_load_ms_count")).toBe(6);
    expect(await since("clarify_cache_reads_total", { section: "dreams", outcome: "fresh" })).toBe(8);
    expect(await since("clarify_cache_reads_total", { section: "dreams", outcome: "loaded" })).toBe(2);
    expect(await since("clarify_cache_reads_total", { section: "user", outcome: "fresh" })).toBe(9);
    expect(await since("clarify_cache_reads_total", { section: "user", outcome: "loaded" })).toBe(1);

    const counted = await scrape();
    expect(counted.total("clarify_replies_total", { voice: "model", outcome: "complete" })).toBe(2);
    expect(counted.total("clarify_pre_model_ms_count")).toBe(2);
    expect(counted.total("clarify_first_token_ms_count")).toBe(2);
    expect(counted.total("clarify_model_tokens_total", { kind: "cache_read" })).toBe(3_600);

    // The page was open all the time, and refreshes itself.
    const build = figure(page, "Context build").getByRole("paragraph").first();
    await expect.poll(() => build.innerText(), { timeout: 20_000 }).toContain("over 16");
    for (const section of ["user", "dreams", "patterns", "sessions", "reflections"]) {
      for (const [outcome, count] of Object.entries(await sourcesOf(page, section))) {
        expect(count, `${section} ${outcome}`).toBe(counted.total("clarify_cache_reads_total", { section, outcome }));
      }
    }
    for (const [title, name] of [
      ["Context build", "clarify_context_build_ms"],
      ["Parallel query", "clarify_query_parallel_ms"],
      ["Cache read", "clarify_cache_read_ms"],
      ["Cache write", "clarify_cache_write_ms"],
      ["Before the model", "clarify_pre_model_ms"],
      ["Until the first word", "clarify_first_token_ms"],
    ] as const) {
      const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) =>
        millisecondWords(quantile(counted.buckets(name), share)),
      );
      const words = `P50 ${p50}, P95 ${p95}, P99 ${p99} over ${counted.total(`${name}_count`)}`;
      expect(await figure(page, title).getByRole("paragraph").first().innerText()).toBe(words);
    }
    const region = (name: string) => page.getByRole("region", { name, exact: true }).innerText();
    expect(await region("Cost per 1,000 messages")).toContain("Too early to say: 2 of 20 replies");
    expect(await region("Replies")).toMatch(/Complete\s+2/);
    expect(await region("Failures of the model")).toContain("No call failed");
    expect(await region("Contexts, warm and cold")).toMatch(/over 1?\d/);
    expect(await region("People, processes and checks")).toMatch(/People who sent a message\s+1/);
    expect(await page.getByTestId("target-contextBuild").innerText()).toContain("Too early to say (16 of 20)");
    // 1,800 of 2,000 input tokens each.
    expect(await figure(page, "Model tokens").innerText()).toContain("90\u00a0% of its input");
    await noa.close();
  });

  it("finds every number of a chart in a table, without a mouse", async () => {
    const { page } = operator;
    await page.goto("/insights");
    const build = figure(page, "Context build");
    await build.getByText("As a table").focus();
    await page.keyboard.press("Enter");
    await build.getByRole("table").waitFor();
    const counts = await build.locator("tbody tr td:nth-of-type(1)").allInnerTexts();
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(16);
  });

  it("tells the numbers under the cursor, which are those of the table", async () => {
    const { page } = operator;
    await page.goto("/insights");
    const build = figure(page, "Context build");
    await build.getByText("As a table").click();
    const row = build.locator("tbody tr").first();
    const [time, , p50, p95, p99] = await row.locator("th, td").allInnerTexts();

    const plot = build.getByTestId("plot");
    const tooltip = plot.getByTestId("tooltip");
    await plot.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    // Where the row stands depends on how long ago it was, so the pointer goes from the newest to the oldest.
    const pointAtRow = async () => {
      for (let right = x + width; right > x; right -= 3) {
        await page.mouse.move(right, y + height / 2);
        if ((await tooltip.allInnerTexts())[0]?.startsWith(time ?? "?")) break;
      }
      return (await tooltip.allInnerTexts())[0]?.split(/\s*\n\s*/);
    };
    await expect.poll(pointAtRow, { timeout: 20_000 }).toEqual([time, "P50", p50, "P95", p95, "P99", p99]);
    await page.getByRole("heading", { name: "Insights" }).hover();
    await expect.poll(() => tooltip.isVisible()).toBe(false);
  });

  it("looks further back", async () => {
    const { page } = operator;
    await page.goto("/insights");
    await page.getByRole("link", { name: "24 h" }).click();
    await page.locator("[data-testid=insights][data-range='24h']").waitFor();
    expect(new URL(page.url()).search).toBe("?range=24h");
    expect(operator.complaints).toEqual([]);
  });

  it.each([
    ["light", 1440],
    ["light", 360],
    ["dark", 1440],
    ["dark", 360],
  ] as const)("can read it in the %s theme at %i px", async (colorScheme, width) => {
    const { page, complaints, close } = await visit(browser, app.url, {
      colorScheme,
      viewport: { width, height: 900 },
      reducedMotion: "reduce",
    });
    await signInAsOwner(page);
    await page.goto("/insights");
    await figure(page, "Context build").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await screenshot(page, `insights-${width}-${colorScheme}`);
    await close();
  });
});

describe("other people", () => {
  it("get a 404", async () => {
    const stranger = await visit(browser, app.url);
    expect((await stranger.page.goto("/insights"))?.status()).toBe(404);
    await signUp(stranger.page, "Dan");
    expect((await stranger.page.goto("/insights"))?.status()).toBe(404);
    await stranger.page.getByText("Page not found").waitFor();
    const client = await clientOf(stranger.context);
    await expect(client.insights.get.query({ range: "15m" })).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
    await stranger.close();
  });
});
