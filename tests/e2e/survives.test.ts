import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AppPlace, AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import type { TestStack } from "../support/database/test-stack";
import { startStack } from "../support/database/test-stack";
import { startDeafProxy } from "../support/deaf-proxy";
import type { ModelServer } from "../support/model/anthropic-server";
import { startModelServer } from "../support/model/anthropic-server";
import { heldReply } from "../support/model/held-reply";
import { findRedis } from "../support/redis/find-redis";
import { RespServer } from "../support/redis/resp-server";
import type { Visitor } from "./visitor";
import {
  composer,
  holdScripts,
  interrupted,
  newConversation,
  replied,
  replies,
  say,
  signUp,
  streaming,
  visit,
} from "./visitor";

// A reply belongs to its conversation: two processes in production over one database, each of which can show it.

let browser: Browser;
let stack: TestStack;
let model: ModelServer;
let visitor: Visitor;
beforeEach(() => {
  model.requests.length = 0;
});
beforeAll(async () => {
  browser = await launchBrowser();
  stack = await startStack();
  model = await startModelServer();
});
afterAll(async () => {
  await model.close();
  await stack.stop();
  await browser.close();
});

function start(redisUrl: string, place?: AppPlace, more: Record<string, string> = {}): Promise<AppProcess> {
  const environment = {
    SUPABASE_URL: stack.address.url,
    SUPABASE_PUBLISHABLE_KEY: stack.address.publishableKey,
    SUPABASE_JWT_SECRET: stack.address.jwtSecret,
    ANTHROPIC_API_KEY: "a-key-for-the-test-server",
    ANTHROPIC_BASE_URL: model.url,
    REDIS_URL: redisUrl,
    ...more,
  };
  return startApp(environment, place);
}

async function readiness(url: string): Promise<{ status: number; says: unknown }> {
  const response = await fetch(`${url}/api/health/ready`);
  const { status } = (await response.json()) as { status: unknown };
  return { status: response.status, says: status };
}

async function opened(page: Page, url: string): Promise<Page> {
  await page.goto(`${url}/clarify`);
  return page;
}

const BEGIN_AND_END = ["I begin ", "and end."];
const growing = (page: Page) => streaming(page).getByText("I begin");
const replyText = (page: Page) => replies(page).last().getByTestId("reply-text").innerText();

/** Sooner than what would help if the signal were lost: a stop is given up after eight seconds, a claim ends after fifteen. */
async function expectSoon(happening: Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await happening;
  expect(performance.now() - begun).toBeLessThan(6_000);
}

describe.each(["the database", "a Redis"])("two processes that share %s", (shared) => {
  let here: AppProcess;
  let elsewhere: AppProcess;
  let stopRedis = async () => {};
  beforeAll(async () => {
    let redisUrl = "";
    if (shared === "a Redis") {
      const found = await findRedis();
      const server = await RespServer.start({ executor: found.executor });
      redisUrl = server.url;
      stopRedis = async () => {
        await server.close();
        await found.stop();
      };
    }
    here = await start(redisUrl);
    elsewhere = await start(redisUrl);
  }, 240_000);
  afterAll(async () => {
    await Promise.all([here.stop(), elsewhere.stop()]);
    await stopRedis();
  });
  beforeEach(async () => {
    visitor = await visit(browser, here.url);
    await signUp(visitor.page, "Noa");
  });
  afterEach(async ({ task }) => {
    await visitor.close();
    if (task.result?.state !== "fail") expect(visitor.complaints).toEqual([]);
  });

  it("a reply is found growing after a reload, in a second tab and at the other process, and ends everywhere", async () => {
    const { page, context } = visitor;
    const path = await newConversation(page);
    const { goOn } = heldReply(model, BEGIN_AND_END);
    await say(page, "I think of the sea.");
    await growing(page).waitFor();

    const [tab, device] = [await context.newPage(), await context.newPage()];
    await Promise.all([page.reload(), tab.goto(path), device.goto(elsewhere.url + path)]);
    for (const each of [page, tab, device]) await expectSoon(growing(each).waitFor());
    goOn();
    for (const each of [page, tab, device]) {
      await replied(each, 1);
      expect(await replyText(each)).toBe("I begin and end.");
      expect(await each.getByTestId("message").count()).toBe(2);
    }
  });

  it("what is sent before the scripts of a reloaded page becomes the draft while a reply grows", async () => {
    const { page } = visitor;
    const path = await newConversation(page);
    const { goOn } = heldReply(model, BEGIN_AND_END);
    await say(page, "I think of the sea.");
    await growing(page).waitFor();
    const release = await holdScripts(page);
    const load = async () => {
      await page.goto(path, { waitUntil: "commit" });
      await composer(page).waitFor();
      return page.getByTestId("messages").count();
    };
    await expect.poll(load).toBe(1);
    await say(page, "And of the boat.");
    release();
    await growing(page).waitFor();
    await page.getByText("Sending in a moment…").waitFor({ state: "hidden" });
    goOn();
    await replied(page, 1);
    expect(await composer(page).inputValue()).toBe("And of the boat.");
    expect(await page.getByTestId("message").count()).toBe(2);
    await composer(page).press("Enter");
    await replied(page, 2);
  });

  it("a reply is shown growing by a tab that was open before, without a reload", async () => {
    const { page, context } = visitor;
    const path = await newConversation(page);
    const tab = await context.newPage();
    await tab.goto(path);
    await tab.getByTestId("opening").waitFor();
    const { goOn } = heldReply(model, BEGIN_AND_END);
    await say(page, "I think of the sea.");
    await growing(tab).waitFor();
    goOn();
    await replied(tab, 1);
    await replied(page, 1);
  });

  it("a reply is stopped at the other process within a second, and the next message is answered at once", async () => {
    const { page, context } = visitor;
    const path = await newConversation(page);
    model.answers.push({ kind: "hang", words: ["I begin "] });
    await say(page, "I think of the sea.");
    await growing(page).waitFor();
    const device = await context.newPage();
    await device.goto(elsewhere.url + path);
    await growing(device).waitFor();

    const left = model.nextClientLeft();
    await device.getByRole("button", { name: "Stop the reply" }).click();
    await expectSoon(left);
    await say(device, "And now?");
    await replied(device, 1);
    expect(await device.getByTestId("trouble").count()).toBe(0);
    await interrupted(device).waitFor();
    await interrupted(page).waitFor();
  });
});

describe("behind a proxy that does not report closed connections", () => {
  it("Stop ends the request to the model, and the next message is answered at once", async () => {
    const app = await start("");
    const proxy = await startDeafProxy(app.place.port);
    visitor = await visit(browser, proxy.url);
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    model.answers.push({ kind: "hang", words: ["I begin "] });
    await say(page, "I think of the sea.");
    await growing(page).waitFor();

    const left = model.nextClientLeft();
    await page.getByRole("button", { name: "Stop the reply" }).click();
    await expectSoon(left);
    await say(page, "And now?");
    await replied(page, 1);
    expect(await page.getByTestId("trouble").count()).toBe(0);
    await visitor.close();
    await proxy.close();
    await app.stop();
    expect(visitor.complaints).toEqual([]);
  }, 120_000);
});

describe("a process that is killed", () => {
  it("leaves its reply to the others: whoever follows it there is told, and is answered once", async () => {
    const killed = await start("");
    const other = await start("");
    visitor = await visit(browser, killed.url);
    const { page, context } = visitor;
    await signUp(page, "Noa");
    const path = await newConversation(page);
    model.answers.push({ kind: "hang", words: ["I begin "] });
    await say(page, "I think of the sea.");
    await growing(page).waitFor();
    const device = await context.newPage();
    await device.goto(other.url + path);
    await growing(device).waitFor();
    await page.close();
    await killed.kill();

    const trouble = device.getByTestId("trouble");
    // The claim of the killed process runs out first.
    await trouble.getByText("The reply was cut off.").waitFor({ timeout: 30_000 });
    expect(await replyText(device)).toContain("I begin");
    await trouble.getByRole("button", { name: "Try again" }).click();
    await replied(device, 1);
    await device.reload();
    await replied(device, 1);
    expect(await device.getByTestId("message").count()).toBe(2);
    expect(model.requests).toHaveLength(2);
    await visitor.close();
    await other.stop();
  }, 120_000);
});

describe("a process that is stopped", () => {
  it("first finishes the replies that it writes, also without listeners", async () => {
    const app = await start("");
    visitor = await visit(browser, app.url);
    const { page, context } = visitor;
    await signUp(page, "Noa");
    const path = await newConversation(page);
    model.answers.push({ kind: "reply", words: ["I begin ", "and ", "end."], everyMs: 1_000 });
    await say(page, "I think of the sea.");
    await growing(page).waitFor();
    await page.close();
    await app.stop();

    const other = await start("");
    const back = await context.newPage();
    await back.goto(other.url + path);
    await replied(back, 1);
    expect(await replyText(back)).toBe("I begin and end.");
    expect(model.requests).toHaveLength(1);
    await visitor.close();
    await other.stop();
  }, 120_000);

  it("is not ready and begins no reply; a message sent in the meantime is answered once by the next process", async () => {
    const app = await start("");
    visitor = await visit(browser, app.url);
    const { page, context } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    const { goOn } = heldReply(model, BEGIN_AND_END);
    await say(page, "I think of the sea.");
    await growing(page).waitFor();
    const tab = await context.newPage();
    await newConversation(await opened(tab, app.url));

    const stopping = app.stop();
    await expect.poll(() => readiness(app.url)).toEqual({ status: 503, says: "draining" });
    await say(tab, "And of the hills.");
    await tab.getByTestId("trouble").waitFor();
    goOn();
    await replied(page, 1);
    await stopping;
    expect(app.output()).toContain('"drained"');
    expect(model.requests).toHaveLength(1);

    const next = await start("", app.place);
    // As long as the page may wait before it tries again.
    context.setDefaultTimeout(60_000);
    await replied(tab, 1);
    expect(model.requests).toHaveLength(2);
    await visitor.close();
    await next.stop();
  }, 120_000);

  it("cuts a reply that takes too long, whose text is stored and can be continued", async () => {
    const app = await start("", undefined, { DRAIN_SECONDS: "1" });
    visitor = await visit(browser, app.url);
    const { page, context } = visitor;
    await signUp(page, "Noa");
    const path = await newConversation(page);
    model.answers.push({ kind: "hang", words: ["I begin "] });
    await say(page, "I think of the sea.");
    await growing(page).waitFor();
    await app.stop();
    expect(app.output()).toContain('"drained"');

    const next = await start("");
    const back = await context.newPage();
    await back.goto(next.url + path);
    await interrupted(back).waitFor();
    expect((await replyText(back)).trim()).toBe("I begin");
    model.answers.push({ kind: "reply", words: ["and end."] });
    await back.getByRole("button", { name: "Continue" }).click();
    await replied(back, 1);
    await visitor.close();
    await next.stop();
  }, 120_000);
});
