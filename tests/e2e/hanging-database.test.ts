import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import type { FaultProxy } from "../support/database/fault-proxy";
import { startFaultProxy } from "../support/database/fault-proxy";
import type { TestStack } from "../support/database/test-stack";
import { startStack } from "../support/database/test-stack";
import type { Visitor } from "./visitor";
import { newConversation, replied, say, signIn, signUp, visit } from "./visitor";

// What a person sees when the database takes a call and never answers it, or takes none.

const SAID_WITHIN_MS = 10_000;
const DATA = /\/rest\/v1\//;
const REASON = "The database did not answer in time. Please try again.";

let browser: Browser;
let stack: TestStack;
let proxy: FaultProxy;
let app: AppProcess;
let visitor: Visitor;
beforeAll(async () => {
  browser = await launchBrowser();
  stack = await startStack();
  proxy = await startFaultProxy(stack.address.url);
  app = await startApp({
    SUPABASE_URL: proxy.url,
    SUPABASE_PUBLISHABLE_KEY: stack.address.publishableKey,
    SUPABASE_JWT_SECRET: stack.address.jwtSecret,
    SUPABASE_JWT_ISSUER: new URL("/auth/v1", stack.address.url).href,
  });
});
afterAll(async () => {
  await app.stop();
  await proxy.close();
  await stack.stop();
  await browser.close();
});
beforeEach(async () => {
  visitor = await visit(browser, app.url);
  await signUp(visitor.page, "Noa");
});
afterEach(async () => {
  proxy.heal();
  await visitor.close();
});

const failure = (page: Page) => page.getByRole("main").getByText(REASON).first();

/** Opens a page, which says within ten seconds that the database does not answer. */
async function openAndWait(page: Page, path: string): Promise<void> {
  const begun = performance.now();
  await page.goto(path, { waitUntil: "commit" });
  await failure(page).waitFor();
  expect(performance.now() - begun).toBeLessThan(SAID_WITHIN_MS);
}

describe("a database that hangs", () => {
  it.each([
    ["/dreams", "dream"],
    ["/reflections", "reflection"],
  ])("is what %s says, with a way to try again", async (path, kind) => {
    const { page } = visitor;
    proxy.inject({ kind: "hang" }, DATA);
    await openAndWait(page, path);
    proxy.heal();
    await page.getByRole("main").getByRole("button", { name: "Try again" }).first().click();
    await failure(page).waitFor({ state: "detached" });
    expect(await page.getByTestId(kind).count()).toBe(0);
  });

  it("is what a conversation says when it is opened, and its messages come when it is tried again", async () => {
    const { page } = visitor;
    const path = await newConversation(page);
    await say(page, "I think of the sea.");
    await replied(page, 1);
    proxy.inject({ kind: "hang" }, DATA);
    await openAndWait(page, path);
    proxy.heal();
    await page.getByRole("main").getByRole("button", { name: "Try again" }).first().click();
    await replied(page, 1);
  });

  it("leaves a message with the reason and a second try, which stores it once", async () => {
    const { page } = visitor;
    await newConversation(page);
    proxy.inject({ kind: "hang" }, DATA);
    const begun = performance.now();
    await say(page, "I think of the sea.");
    const trouble = page.getByTestId("trouble");
    await trouble.getByText("The database did not answer in time").waitFor();
    expect(performance.now() - begun).toBeLessThan(SAID_WITHIN_MS);
    proxy.heal();
    await trouble.getByRole("button", { name: "Try again" }).click();
    await replied(page, 1);
    await page.reload();
    await replied(page, 1);
    expect(await page.getByTestId("message").count()).toBe(2);
  });
});

it.each([
  ["hangs", { kind: "hang" }],
  ["refuses", { kind: "refuse" }],
] as const)("a database that %s keeps nobody from signing in", async (_how, fault) => {
  const { page, context } = visitor;
  await context.clearCookies();
  const account = await signUp(page, "Ada");
  await context.clearCookies();
  proxy.inject(fault, DATA);
  await signIn(page, account);
  await page.getByRole("button", { name: "New conversation" }).first().waitFor();
});
