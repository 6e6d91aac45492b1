import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import type { ModelServer } from "../support/model/anthropic-server";
import { startModelServer } from "../support/model/anthropic-server";
import { heldReply } from "../support/model/held-reply";
import type { Visitor } from "./visitor";
import { accessibilityViolations, newConversation, replied, replies, say, signUp, streaming, visit } from "./visitor";

// The last message of a conversation, answered again and reworded.

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
    PROMPT_PREWARM: "off",
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
  await signUp(page, "Noa");
  await newConversation(page);
  says("The ", "first.");
  await say(page, "How is the sea?");
  await answered("The first.");
});
afterEach(async ({ task }) => {
  await visitor.close();
  if (task.result?.state !== "fail") expect(visitor.complaints).toEqual([]);
});

const says = (...words: string[]) => model.answers.push({ kind: "reply", words });
const reply = () => replies(page).last();
const button = (name: string) => page.getByRole("button", { name });
const question = () => page.locator("[data-testid=message][data-role=user]").last();

async function answered(words: string): Promise<void> {
  await page.locator("[data-testid=message][data-state=complete]").getByText(words, { exact: true }).waitFor();
}

async function askOtherwise(words: string): Promise<void> {
  await question().hover();
  await button("Edit message").click();
  const field = page.getByRole("textbox", { name: "Your message" });
  await field.fill(words);
  await field.press("Enter");
}

async function anotherAnswer(): Promise<void> {
  await reply().hover();
  await button("Give another answer").click();
}

describe("another answer", () => {
  it("grows in the place of the first, which can be chosen again by keyboard, also after a reload", async () => {
    const { goOn } = heldReply(model, ["The ", "second."]);
    await anotherAnswer();
    await streaming(page).getByText("The", { exact: true }).waitFor();
    expect(await replies(page).count()).toBe(1);
    goOn();
    await answered("The second.");

    const chooser = page.getByRole("group", { name: "Answers" });
    await chooser.getByText("2 of 2", { exact: true }).waitFor();
    expect(await chooser.getByRole("status").innerText()).toBe("Answer 2 of 2");
    expect(await accessibilityViolations(page)).toEqual([]);
    await button("Next answer").focus();
    await page.keyboard.press("ArrowLeft");
    await answered("The first.");
    expect(await chooser.getByRole("status").innerText()).toBe("Answer 1 of 2");
    // The focus stays where it was, so that the keys lead back.
    await page.keyboard.press("ArrowRight");
    await answered("The second.");
    await button("Previous answer").click();
    await answered("The first.");

    await page.reload();
    await answered("The first.");
    await chooser.getByText("1 of 2", { exact: true }).waitFor();
  });

  it("is found growing after a reload, and can be stopped there", async () => {
    model.answers.push({ kind: "hang", words: ["The ", "sec"] });
    await anotherAnswer();
    await streaming(page).getByText("The sec").waitFor();
    await page.reload();
    await streaming(page).getByText("The sec").waitFor();
    expect(await replies(page).count()).toBe(1);
    await button("Stop the reply").click();
    await page.getByTestId("ending-mark").waitFor();
    await page.getByText("2 of 2", { exact: true }).waitFor();
    expect(await reply().getByTestId("reply-text").innerText()).toBe("The sec");
  });

  it("that fails leaves the first, and shows the reason", async () => {
    model.answers.push({ kind: "error", status: 400, type: "invalid_request_error" });
    await anotherAnswer();
    await page.getByText("The AI couldn't answer this conversation").first().waitFor();
    await answered("The first.");
    expect(await page.getByTestId("answer-chooser").count()).toBe(0);
  });

  it("is only for the last message", async () => {
    says("On ", "we go.");
    await say(page, "Go on.");
    await answered("On we go.");
    await replied(page, 2);
    expect(await button("Give another answer").count()).toBe(1);
    expect(await button("Edit message").count()).toBe(1);
  });
});

describe("the reworded last message", () => {
  it("is answered in its place; the previous words can be chosen again", async () => {
    says("The ", "boats lie still.");
    await askOtherwise("How is the harbour?");
    await answered("The boats lie still.");
    expect(await question().innerText()).toContain("How is the harbour?");
    expect(await page.locator("[data-testid=message]").count()).toBe(2);
    await button("Previous answer").click();
    await answered("The first.");
    expect(await question().innerText()).toContain("How is the sea?");
    await page.reload();
    await answered("The first.");
    expect(await question().innerText()).toContain("How is the sea?");
  });

  it("without an answer can be sent again", async () => {
    model.answers.push({ kind: "error", status: 400, type: "invalid_request_error" });
    await askOtherwise("How is the harbour?");
    const field = page.getByRole("textbox", { name: "Your message" });
    await field.waitFor();
    expect(await field.inputValue()).toBe("How is the harbour?");
    says("The ", "boats lie still.");
    await button("Send again").click();
    await answered("The boats lie still.");
  });

  it("is unchanged after Escape", async () => {
    await question().hover();
    await button("Edit message").click();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole("textbox", { name: "Your message" }).fill("Something else");
    await page.keyboard.press("Escape");
    expect(await question().innerText()).toContain("How is the sea?");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
      .toBe("Edit message");
  });
});
