import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { composer, newConversation, replied, signInAsOwner, visit } from "@/tests/e2e/visitor";
import { startApp } from "@/tests/support/app-process";
import { launchBrowser } from "@/tests/support/browser";

// `npm run docs:pictures`: takes the README's pictures from the running app, as the person of the embedded stack sees it. Three minutes.

const LOAD_FOR_MS = 150_000;
const pictureAt = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const app = await startApp({ MESSAGES_PER_MINUTE: "1000" });
const browser = await launchBrowser();
const { page, close } = await visit(browser, app.url);
await signInAsOwner(page);
await takeConversation(page);
await takePhone();
await takeReflections();
await load(page);
await takeInsights(page);
await close();
await browser.close();
await app.stop();

async function takeConversation(page: Page): Promise<void> {
  await page.getByTestId("session-row").first().click();
  await page.waitForURL(/\/clarify\/./);
  await page.getByTestId("reply-text").last().waitFor();
  const before = await page.locator("[data-testid=message][data-role=assistant]").count();
  await composer(page).fill("I paid the deposit this morning, and then I sat in the car for an hour.");
  await composer(page).press("Enter");
  await replied(page, before + 1);
  await page.locator("button[aria-busy=false]", { hasText: "Refresh" }).waitFor();
  await page.screenshot({ path: pictureAt("clarify.png") });
}

/** The beginning of a conversation on a phone: what the person could go on from. */
async function takePhone(): Promise<void> {
  const phone = await visit(browser, app.url, { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2 });
  await signInAsOwner(phone.page);
  await newConversation(phone.page);
  await phone.page.getByTestId("drawn-opening").getByRole("button").first().waitFor();
  await phone.page.screenshot({ path: pictureAt("phone.png") });
  await phone.close();
}

/** The look back on the last month, in the dark theme. */
async function takeReflections(): Promise<void> {
  const dark = await visit(browser, app.url, { colorScheme: "dark", viewport: { width: 1440, height: 900 } });
  await signInAsOwner(dark.page);
  await dark.page.goto("/reflections");
  await dark.page.getByRole("heading", { name: /^Looking back on/ }).waitFor();
  await dark.page.getByTestId("session-row").first().waitFor();
  await dark.page.screenshot({ path: pictureAt("reflections.png") });
  await dark.close();
}

/** Reads the context twice a second, now and then after a change, and writes a message every few seconds. */
async function load(page: Page): Promise<void> {
  const post = (procedure: string, data: object) => page.request.post(`/api/trpc/${procedure}`, { data });
  const sessionId = crypto.randomUUID();
  await post("sessions.create", { id: sessionId });
  const begun = performance.now();
  for (let step = 0; performance.now() - begun < LOAD_FOR_MS; step += 1) {
    if (step % 10 === 5) await post("clarifyContext.invalidate", { sections: ["dreams"] });
    if (step % 8 === 0) {
      await post("messages.send", { sessionId, id: crypto.randomUUID(), content: `Thought number ${step}.` });
    }
    await page.request.get(`/api/trpc/clarifyContext.get?input=${encodeURIComponent(JSON.stringify({ sessionId }))}`);
    await page.waitForTimeout(500);
  }
}

async function takeInsights(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 1180 });
  await page.goto("/insights");
  await page.getByRole("region", { name: "Replies", exact: true }).waitFor();
  await page.getByTestId("plot").nth(4).waitFor();
  await page.screenshot({ path: pictureAt("insights.png") });
}
