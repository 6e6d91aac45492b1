import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from "vitest";
import { launchBrowser } from "../support/browser";
import type { Visitor } from "./visitor";
import { newConversation, replied, requestsFor, say, signUp, visit } from "./visitor";

const appUrl = inject("appUrl");

let browser: Browser;
let visitor: Visitor;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await visit(browser, appUrl);
});
afterEach(async ({ task }) => {
  await visitor.close();
  // Browsers report by themselves what a proxy answered.
  const complaints = visitor.complaints.filter((complaint) => !complaint.includes("502 (Bad Gateway)"));
  if (task.result?.state !== "fail") expect(complaints).toEqual([]);
});

/** Answers as nginx does while the app behind it restarts. Returns a function that brings the app back. */
async function answerAsProxy(context: BrowserContext): Promise<() => Promise<void>> {
  const page = { status: 502, contentType: "text/html", body: "<h1>502 Bad Gateway</h1>" };
  await context.route("**/api/**", (route) => route.fulfill(page));
  return () => context.unroute("**/api/**");
}

const notice = "You're offline";

it("sends a message that was written while the server restarted, once, without any event that says it is back", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  await newConversation(page);
  const comeBack = await answerAsProxy(context);
  await say(page, "Written during a restart.");
  await page.getByTestId("trouble").getByText("The connection was lost").waitFor();
  await page.getByText(notice).waitFor();
  await comeBack();
  await replied(page, 1);
  await page.getByText(notice).waitFor({ state: "detached" });
  await page.reload();
  await replied(page, 1);
  expect(await page.getByTestId("message").count()).toBe(2);
});

it("does not send many requests to an unreachable server", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  await newConversation(page);
  await answerAsProxy(context);
  const sends = requestsFor(page, "messages.send");
  await say(page, "Is anybody there?");
  await page.getByTestId("trouble").waitFor();
  for (let hint = 0; hint < 50; hint += 1) {
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await page.waitForTimeout(100);
  }
  expect(sends.count).toBeGreaterThan(1);
  expect(sends.count).toBeLessThan(10);
});

it("sends when the browser believes itself offline and the server answers", async () => {
  const { page, context } = visitor;
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, "onLine", { get: () => false }));
  await signUp(page, "Noa");
  await newConversation(page);
  const comeBack = await answerAsProxy(context);
  await say(page, "No network, and yet.");
  await page.getByTestId("trouble").waitFor();
  await comeBack();
  await replied(page, 1);
  expect(await page.getByText(notice).count()).toBe(0);
});

it("sends messages of two tabs of one conversation once", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  const path = await newConversation(page);
  const other = await context.newPage();
  await other.goto(path);
  await other.getByTestId("opening").waitFor();
  const comeBack = await answerAsProxy(context);
  await say(page, "From the one.");
  await page.getByTestId("trouble").waitFor();
  await say(other, "From the other.");
  await other.getByTestId("trouble").waitFor();
  await comeBack();
  await replied(page, 1);
  await replied(other, 1);
  await expect
    .poll(
      async () => {
        await page.reload();
        await page.getByTestId("message").first().waitFor();
        return page.getByTestId("message").count();
      },
      { timeout: 30_000, interval: 2_000 },
    )
    .toBe(4);
});
