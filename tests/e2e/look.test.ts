import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { accessibilityViolations, continueAsDemo, screenshot, visit } from "./visitor";

const appUrl = inject("appUrl");

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const WIDTHS = [360, 768, 1440, 2560];

type Look = (name: string) => Promise<void>;

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  describe.each(WIDTHS)("at %i px", (width) => {
    /** Visits pages and checks each: it is accessible, fits its window, reports no error, and has its picture taken. */
    async function lookAround(visitPages: (page: Page, look: Look) => Promise<void>) {
      const viewport = { width, height: width < 700 ? 740 : 900 };
      const { page, complaints, close } = await visit(browser, appUrl, {
        viewport,
        colorScheme,
        reducedMotion: "reduce",
      });
      await visitPages(page, async (name) => {
        expect.soft(await accessibilityViolations(page), name).toEqual([]);
        await screenshot(page, `${name}-${width}-${colorScheme}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect.soft(overflow, `${name} is wider than its window`).toBeLessThanOrEqual(0);
      });
      const expected = /404/; // The page that does not exist.
      expect(complaints.filter((complaint) => !expected.test(complaint))).toEqual([]);
      await close();
    }

    it("the way in", () =>
      lookAround(async (page, look) => {
        await page.goto("/sign-in");
        await look("sign-in");
        await page.goto("/sign-in?mode=sign-up");
        await look("sign-up");
      }));

    it("the conversations", () =>
      lookAround(async (page, look) => {
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
      }));

    it("the dreams", () =>
      lookAround(async (page, look) => {
        await continueAsDemo(page);
        await page.goto("/dreams");
        await page.getByTestId("dream").first().waitFor();
        await look("dreams");
        await page.getByRole("button", { name: "New dream" }).click();
        await page.getByRole("form", { name: "A new dream" }).waitFor();
        await look("dreams-new");
      }));

    it("the reflections", () =>
      lookAround(async (page, look) => {
        await continueAsDemo(page);
        await page.goto("/reflections");
        await page.getByTestId("reflection").first().waitFor();
        await look("reflections");
        await page.getByRole("button", { name: "Write a reflection" }).click();
        await page.getByRole("form", { name: "A new reflection" }).waitFor();
        await look("reflections-new");
      }));

    it("the account", () =>
      lookAround(async (page, look) => {
        await continueAsDemo(page);
        await page.goto("/account");
        await page.getByTestId("pattern").first().waitFor();
        await look("account");
      }));
  });
});
