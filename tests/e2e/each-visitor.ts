import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from "vitest";
import { launchBrowser } from "../support/browser";
import type { Visitor } from "./visitor";
import { visit } from "./visitor";

/**
 * Gives each test of this file a visitor of its own at the app that all files share. A test also fails if the visitor's
 * pages complained. Returns a function for another visitor, whom the test closes itself.
 */
export function eachTestHasVisitor(
  arrived: (visitor: Visitor) => void,
): (options?: BrowserContextOptions) => Promise<Visitor> {
  const appUrl = inject("appUrl");
  let browser: Browser;
  let visitor: Visitor;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    visitor = await visit(browser, appUrl);
    arrived(visitor);
  });
  afterEach(async ({ task }) => {
    await visitor.close();
    if (task.result?.state !== "fail") expect(visitor.complaints).toEqual([]);
  });
  return (options) => visit(browser, appUrl, options);
}
