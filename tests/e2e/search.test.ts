import { randomUUID } from "node:crypto";
import { createTRPCClient, httpBatchStreamLink } from "@trpc/client";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { AppRouter } from "@/server/router";
import { transformer } from "@/server/trpc/transport";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import { collect } from "../support/collect";
import type { ModelServer } from "../support/model/anthropic-server";
import { startModelServer } from "../support/model/anthropic-server";
import type { Visitor } from "./visitor";
import { accessibilityViolations, newConversation, replied, say, signUp, visit } from "./visitor";

let browser: Browser;
let model: ModelServer;
let app: AppProcess;
let visitor: Visitor;
beforeAll(async () => {
  browser = await launchBrowser();
  model = await startModelServer();
  app = await startApp({
    ANTHROPIC_API_KEY: "a-key-for-the-test-server",
    ANTHROPIC_BASE_URL: model.url,
    MESSAGES_PER_MINUTE: "100",
  });
});
afterAll(async () => {
  await app.stop();
  await model.close();
  await browser.close();
});
beforeEach(async () => {
  visitor = await visit(browser, app.url);
});
afterEach(async ({ task }) => {
  await visitor.close();
  if (task.result?.state !== "fail") expect(visitor.complaints).toEqual([]);
});

const searchField = (page: Page) => page.getByRole("searchbox", { name: "Search conversations and messages" });
const hits = (page: Page) => page.getByTestId("found-message");
const message = (page: Page, text: string) => page.getByTestId("message").filter({ hasText: text });

it("finds words inside messages, in any script, and leads to the message", async () => {
  const { page } = visitor;
  await signUp(page, "Noa");
  const path = await newConversation(page);
  model.answers.push({ kind: "reply", words: ["海のことを", "話して", "ください。"] });
  await say(page, "אני חושבת על הים.");
  await replied(page, 1);
  await newConversation(page);

  await searchField(page).fill("הים");
  await hits(page).filter({ hasText: "אני חושבת על הים." }).waitFor();
  expect(await hits(page).locator("mark").allInnerTexts()).toEqual(["הים"]);
  expect(await accessibilityViolations(page)).toEqual([]);

  await searchField(page).fill("海");
  await hits(page).filter({ hasText: "海のことを話してください。" }).waitFor();
  await searchField(page).press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(({ pathname, search }) => pathname === path && search === "");
  const found = message(page, "海のことを話してください。");
  await expect.poll(() => found.evaluate((element) => element === document.activeElement)).toBe(true);

  await searchField(page).fill("mountain");
  await page.getByText("No message contains that.").waitFor();
});

it("leads to a message that is many pages back", async () => {
  const { page } = visitor;
  await signUp(page, "Noa");
  const path = await newConversation(page);
  await say(page, "It began with a lighthouse.");
  await replied(page, 1);
  await sendMany(visitor, path.slice("/clarify/".length), 40);
  await page.goto("/clarify");

  await searchField(page).fill("LIGHTHOUSE");
  await hits(page).getByRole("link").click();
  await page.waitForURL(({ pathname, search }) => pathname === path && search === "");
  const found = message(page, "It began with a lighthouse.");
  await expect.poll(() => found.evaluate((element) => element === document.activeElement)).toBe(true);
  // Stays there while the loaded messages are laid out.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  expect(
    await found.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= window.innerHeight;
    }),
  ).toBe(true);
});

/** Sends messages without the page, one after the other. */
async function sendMany({ context }: Visitor, sessionId: string, count: number): Promise<void> {
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const client = createTRPCClient<AppRouter>({
    links: [httpBatchStreamLink({ url: `${app.url}/api/trpc`, transformer, headers: { cookie } })],
  });
  for (let number = 1; number <= count; number += 1) {
    const message = { sessionId, id: randomUUID(), content: `Message ${number}`, timeZone: "UTC" };
    await collect(await client.messages.send.mutate(message));
  }
}
