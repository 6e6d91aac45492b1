import { randomUUID } from "node:crypto";
import { createTRPCClient, httpBatchStreamLink } from "@trpc/client";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { en } from "@/components/words/en";
import type { AppRouter } from "@/server/router";
import { transformer } from "@/server/trpc/transport";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import { collect } from "../support/collect";
import type { ModelServer } from "../support/model/anthropic-server";
import { startModelServer } from "../support/model/anthropic-server";
import type { Visitor } from "./visitor";
import { newConversation, renderedInBrowser, replied, say, signUp, visit } from "./visitor";

let browser: Browser;
let model: ModelServer;
let app: AppProcess;
let visitor: Visitor;
let page: Page;
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
  page = visitor.page;
});
afterEach(async ({ task }) => {
  await visitor.close();
  if (task.result?.state !== "fail") expect(visitor.complaints).toEqual([]);
});

/** More than one page of a list. */
const MANY = 16;

async function sendMany(sessionId: string): Promise<void> {
  const cookie = (await visitor.context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const url = `${app.url}/api/trpc`;
  const client = createTRPCClient<AppRouter>({
    links: [httpBatchStreamLink({ url, transformer, headers: { cookie } })],
  });
  for (let number = 1; number <= MANY; number += 1) {
    const message = { sessionId, id: randomUUID(), content: `Message ${number}.`, timeZone: "UTC" };
    await collect(await client.messages.send.mutate(message));
  }
}

describe("print", () => {
  it("has all messages of a conversation, also those that were not loaded, and nothing to press", async () => {
    await page.addInitScript(() => {
      window.print = () => {
        document.documentElement.dataset.printed = String(document.querySelectorAll("[data-entry]").length);
      };
    });
    await signUp(page, "Noa");
    const path = await newConversation(page);
    await say(page, "Message 0.");
    await replied(page, 1);
    await sendMany(path.slice("/clarify/".length));
    await page.goto(path);
    await renderedInBrowser(page);
    const printed = () => page.evaluate(() => document.documentElement.dataset.printed);

    await page.keyboard.press("Control+p");
    await expect.poll(printed).toBe(String(2 * (MANY + 1)));
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("button").count()).toBe(0);
    expect(await page.getByRole("navigation").count()).toBe(0);
    expect(await page.getByRole("complementary").count()).toBe(0);
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll("[data-entry]")]
        .flatMap((entry) => {
          const clipping: string[] = [];
          for (let at = entry.parentElement; at !== null; at = at.parentElement) {
            const { overflowY } = getComputedStyle(at);
            if (overflowY !== "visible" && at.scrollHeight > at.clientHeight + 1) clipping.push(at.className);
          }
          return clipping;
        })
        .slice(0, 3),
    );
    expect(cut).toEqual([]);
    await page.screenshot({ path: "tests/e2e/output/print.png", fullPage: true });
  });

  it("is in the menu of the open conversation, and nowhere else", async () => {
    await page.addInitScript(() => {
      window.print = () => {
        document.documentElement.dataset.printed = "yes";
      };
    });
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "The sea.");
    await replied(page, 1);
    const row = page.getByTestId("session-row").filter({ hasText: "The sea." });
    await row.hover();
    await row.getByRole("button").click();
    await page.getByRole("menuitem", { name: en.conversation.print }).click();
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.printed)).toBe("yes");
    await page.goto("/dreams");
    await row.hover();
    await row.getByRole("button").click();
    await page.getByRole("menuitem", { name: en.sessions.rename }).waitFor();
    expect(await page.getByRole("menuitem", { name: en.conversation.print }).count()).toBe(0);
  });
});
