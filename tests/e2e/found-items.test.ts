import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import { accessibilityViolations, continueAsDemo, newConversation, replied, say, signUp, visit } from "./visitor";

// The inspector shows which older items were found for the last message, and why.

let browser: Browser;
let app: AppProcess;
beforeAll(async () => {
  browser = await launchBrowser();
  app = await startApp({ CONSOLIDATION_SCHEDULE: "off" });
});
afterAll(async () => {
  await app.stop();
  await browser.close();
});

const VIEWPORTS = [360, 1440].map((width) => ({ width, height: 900 }));
const found = (page: Page) => page.getByTestId("found-items");

async function openInspector(page: Page, name: string): Promise<void> {
  if ((page.viewportSize()?.width ?? 0) < 1_280) await page.getByRole("button", { name }).first().click();
  await page.getByTestId("inspector-section").nth(4).waitFor();
}

async function fits(page: Page): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
}

it.each(VIEWPORTS)(
  "the demo person sees an old reflection, and the words that it shares with the message: $width px",
  async (viewport) => {
    const { page, close, complaints } = await visit(browser, app.url, { viewport });
    await continueAsDemo(page);
    await newConversation(page);
    await say(page, "I thought of the Berlin residency again this morning. Was it right to let it go?");
    await replied(page, 1);
    await openInspector(page, "What Clarify knows about you");
    const item = found(page).getByTestId("found-item").filter({ hasText: "out of my bookmarks" });
    await item.waitFor();
    expect(await item.innerText()).toMatch(/Reflection, \d+ \w+ \d{4}\s+shared words: residency, berlin/);
    expect(await found(page).innerText()).toContain("“I thought of the Berlin residency again");
    await fits(page);
    expect.soft(await accessibilityViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  },
);

it.each(VIEWPORTS)("somebody new sees nothing of the kind: $width px", async (viewport) => {
  const { page, close, complaints } = await visit(browser, app.url, { viewport });
  await signUp(page, "Noa");
  await newConversation(page);
  await say(page, "Hello, I would like to begin.");
  await replied(page, 1);
  await openInspector(page, "What Clarify knows about you");
  await page.getByTestId("last-build").waitFor({ state: "attached" });
  expect(await found(page).count()).toBe(0);
  await fits(page);
  expect(complaints).toEqual([]);
  await close();
});

it.each(VIEWPORTS)(
  "in Hebrew an earlier message is found by a word with other letters around it: $width px",
  async (viewport) => {
    const { page, close, complaints } = await visit(browser, app.url, { viewport, locale: "he-IL" });
    await page.goto("/sign-in?mode=sign-up");
    await page.getByLabel("איך לקרוא לך?").fill("נועה");
    await page.getByLabel("דוא״ל").fill(`noa-${crypto.randomUUID()}@example.com`);
    await page.getByLabel("סיסמה").fill("a-long-password");
    await page.getByRole("button", { name: "פתיחת חשבון" }).click();
    await page.waitForURL(/\/clarify$/);
    const field = page.getByRole("textbox", { name: "הודעה", exact: true });
    for (const words of ["ישנתי פעם במגדלור, והים נשמע כל הלילה.", "המגדלורים של הצפון לא יוצאים לי מהראש."]) {
      await page.goto("/clarify");
      await page.getByRole("button", { name: "שיחה חדשה" }).first().click();
      await page.getByTestId("opening").waitFor();
      await field.fill(words);
      await field.press("Enter");
      await replied(page, 1);
    }
    await openInspector(page, "מה Clarify יודעת עליך");
    await found(page).getByTestId("found-item").waitFor();
    expect(await found(page).innerText()).toMatch(/נכתב בשיחה ב־\d+ .*\s+מילה משותפת: המגדלורים/);
    await fits(page);
    expect.soft(await accessibilityViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  },
);
