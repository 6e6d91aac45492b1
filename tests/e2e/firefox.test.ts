import type { Browser, Page } from "puppeteer-core";
import { launch } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { findFirefox } from "../support/firefox";

const appUrl = inject("appUrl");
const firefox = await findFirefox();
if (firefox === null)
  console.warn("No Firefox is installed, so the page is tried in Chromium only. FIREFOX_PATH names one.");

const FIELD = "textarea[aria-label=Message]";
const REPLY = "[data-testid=message][data-role=assistant]";

describe.skipIf(firefox === null)("in Firefox", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launch({
      browser: "firefox",
      executablePath: firefox ?? "",
      headless: true,
      defaultViewport: { width: 1440, height: 900 },
    });
    page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(`${appUrl}/sign-in?mode=sign-up`);
    await page.type("input[name=name]", "Noa");
    await page.type("input[type=email]", `noa-${crypto.randomUUID()}@example.com`);
    await page.type("input[type=password]", "a-long-password");
    await page.keyboard.press("Enter");
    const begin = await page.waitForSelector("aside ::-p-text(New conversation)", { visible: true });
    await begin?.click();
    await page.waitForSelector("[data-testid=composer][data-ready=true]");
    await page.waitForSelector("[data-testid=opening]");
  });
  afterAll(() => browser?.close());

  const count = (selector: string) => page.$$(selector).then(({ length }) => length);

  it("sends a message with Enter, and shows the reply while it grows and when it is whole", async () => {
    await page.type(FIELD, "I think of the sea.");
    await page.keyboard.press("Enter");
    await page.waitForSelector(`${REPLY}[data-state=streaming]`);
    await page.waitForSelector(`${REPLY}[data-state=complete]`);
    expect(await count("[data-testid=message]")).toBe(2);
  });

  it("shows the same after a reload", async () => {
    await page.reload();
    await page.waitForSelector(`${REPLY}[data-state=complete]`);
    expect(await count("[data-testid=message]")).toBe(2);
  });

  it("does not send with the Enter that ends a composition", async () => {
    await page.waitForSelector("[data-testid=composer][data-ready=true]");
    await page.type(FIELD, "にほん");
    await page.$eval(FIELD, (field) => {
      const enter = { key: "Enter", bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent("keydown", { ...enter, isComposing: true }));
      field.dispatchEvent(new KeyboardEvent("keydown", { ...enter, keyCode: 229 }));
    });
    expect(await page.$eval(FIELD, (field) => field.value)).toBe("にほん");
    expect(await count("[data-testid=message]")).toBe(2);
  });
});
