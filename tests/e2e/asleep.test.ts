import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { sessionCookie } from "@/server/auth/session-cookie";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import type { ModelServer } from "../support/model/anthropic-server";
import { startModelServer } from "../support/model/anthropic-server";
import { heldReply } from "../support/model/held-reply";
import { startMuteProxy } from "../support/mute-proxy";
import type { Visitor } from "./visitor";
import { newConversation, replied, replies, say, signIn, signUp, streaming, visit } from "./visitor";

let browser: Browser;
let model: ModelServer;
let app: AppProcess;
let visitor: Visitor;
beforeAll(async () => {
  browser = await launchBrowser();
  model = await startModelServer();
  app = await startApp({ ANTHROPIC_API_KEY: "a-key-for-the-test-server", ANTHROPIC_BASE_URL: model.url });
});
afterAll(async () => {
  await app.stop();
  await model.close();
  await browser.close();
});
beforeEach(async () => {
  model.answers.length = 0;
  visitor = await visit(browser, app.url);
});
afterEach(async ({ task }) => {
  await visitor.close();
  // Browsers report by themselves that a request found no connection, or was not allowed.
  const expected = /net::ERR_INTERNET_DISCONNECTED|401 \(Unauthorized\)/;
  if (task.result?.state !== "fail") expect(visitor.complaints.filter((each) => !expected.test(each))).toEqual([]);
});

/** Lets the session's access token expire, as after an hour; its refresh token stays valid. */
async function letTokenExpire(context: BrowserContext) {
  const cookie = sessionCookie(false);
  const cookies = new Map((await context.cookies()).map((each) => [each.name, each]));
  const tokens = await cookie.read((name) => cookies.get(name)?.value);
  const [like] = [...cookies.values()].filter(({ name }) => name.startsWith(cookie.name));
  if (tokens === null || like === undefined) throw new Error("Nobody is signed in");
  const { accessToken: access_token, refreshToken: refresh_token } = tokens;
  const expired = { access_token, refresh_token, expires_at: Math.floor(Date.now() / 1_000) - 60 };
  for (const { name, value } of cookie.changes([...cookies.keys()], expired)) {
    await context.clearCookies({ name });
    if (value !== null) await context.addCookies([{ ...like, name, value }]);
  }
}

/** The browser suspends a tab for an hour. */
async function sleepAnHour(page: Page, meanwhile: () => Promise<unknown>) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
  await meanwhile();
  await cdp.send("Page.setWebLifecycleState", { state: "active" });
  await page.clock.fastForward("01:00:00");
}

it("a message that was unsent when a tab fell asleep is sent once when it wakes, with a renewed session", async () => {
  const { page, context } = visitor;
  await page.clock.install();
  await signUp(page, "Noa");
  await newConversation(page);
  model.answers.push({ kind: "reply", words: ["Here I am."] });
  await context.setOffline(true);
  await say(page, "Before I close the lid.");
  await page.getByTestId("trouble").waitFor();
  await sleepAnHour(page, async () => {
    await letTokenExpire(context);
    await context.setOffline(false);
  });
  await replied(page, 1);
  await page.reload();
  await replied(page, 1);
  expect(await page.getByTestId("message").count()).toBe(2);
});

it("if the session has ended, an unsent message waits until its person signs in again, and nobody else sees it", async () => {
  const { page, context } = visitor;
  const noa = await signUp(page, "Noa");
  const path = await newConversation(page);
  await context.setOffline(true);
  await say(page, "For nobody else.");
  await page.getByTestId("trouble").waitFor();
  await sleepAnHour(page, async () => {
    await context.clearCookies();
    await context.setOffline(false);
  });
  await expect.poll(() => page.url()).toMatch(/\/sign-in/);

  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  await signUp(page, "Ben");
  await newConversation(page);
  await page.getByRole("button", { name: /^Account/ }).click();
  expect(sent.filter((body) => body.includes("For nobody else"))).toEqual([]);

  await context.clearCookies();
  model.answers.push({ kind: "reply", words: ["Welcome back."] });
  await signIn(page, noa);
  await page.goto(path);
  await replied(page, 1);
  expect(await page.getByTestId("message").first().innerText()).toContain("For nobody else.");
});

it("a reply whose connection died silently is joined again, and is there once", async () => {
  const proxy = await startMuteProxy(app.place.port);
  const behind = await visit(browser, proxy.url);
  const { page } = behind;
  await signUp(page, "Noa");
  await newConversation(page);
  const { goOn } = heldReply(model, ["I begin ", "and end."]);
  await say(page, "I think of the sea.");
  await streaming(page).getByText("I begin").waitFor();
  proxy.fallSilent();
  goOn();
  await page.locator("[data-testid=message][data-role=assistant][data-state=complete]").waitFor({ timeout: 40_000 });
  expect(await replies(page).last().getByTestId("reply-text").innerText()).toBe("I begin and end.");
  expect(await page.getByTestId("message").count()).toBe(2);
  expect(await page.getByTestId("trouble").count()).toBe(0);
  await behind.close();
  await proxy.close();
});

it("an unsent message of a conversation that is not open is sent as well", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  const path = await newConversation(page);
  await context.setOffline(true);
  await say(page, "Left behind.");
  await page.getByTestId("trouble").waitFor();
  await page.close();
  await context.setOffline(false);
  model.answers.push({ kind: "reply", words: ["I heard you."] });
  const back = await context.newPage();
  await back.goto("/dreams");
  const row = back.getByTestId("session-row").filter({ hasText: "Left behind" });
  await row.waitFor();
  await back.goto(path);
  await replied(back, 1);
  expect(await back.getByTestId("message").count()).toBe(2);
});
