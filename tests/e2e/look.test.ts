import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { accessibilityViolations, continueAsDemo, screenshot, visit } from "./visitor";

const appUrl = inject("appUrl");

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const WIDTHS = [360, 768, 1440];

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  it.each(WIDTHS)(
    "every page at %i px is accessible, complains of nothing, and has its picture taken",
    async (width) => {
      const viewport = { width, height: width < 700 ? 740 : 900 };
      const { page, complaints, close } = await visit(browser, appUrl, {
        viewport,
        colorScheme,
        reducedMotion: "reduce",
      });
      const look = async (name: string) => {
        expect.soft(await accessibilityViolations(page), name).toEqual([]);
        await screenshot(page, `${name}-${width}-${colorScheme}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect.soft(overflow, `${name} is wider than its window`).toBeLessThanOrEqual(0);
      };

      await page.goto("/sign-in");
      await look("sign-in");
      await page.goto("/sign-in?mode=sign-up");
      await look("sign-up");
      await continueAsDemo(page);
      await page
        .getByTestId("session-row")
        .first()
        .waitFor({ state: width < 900 ? "attached" : "visible" });
      await look("clarify");
      const path = await page.getByTestId("session-row").first().getByRole("link").getAttribute("href");
      await page.goto(path ?? "");
      await page.getByTestId("message").last().waitFor();
      await page.getByTestId("reply-text").last().waitFor();
      await look("conversation");
      await page.goto("/clarify/00000000-0000-4000-8000-000000000000");
      await page.getByTestId("session-not-found").waitFor();
      await look("not-found");

      const expected = /404/; // The page that is not there.
      expect(complaints.filter((complaint) => !expected.test(complaint))).toEqual([]);
      await close();
    },
  );
});
