import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import type { ModelServer } from "../support/model/anthropic-server";
import { startModelServer } from "../support/model/anthropic-server";
import { heldReply } from "../support/model/held-reply";
import type { Visitor } from "./visitor";
import {
  composer,
  interrupted,
  lastBuild,
  newConversation,
  replied,
  replies,
  requestsFor,
  say,
  signUp,
  streaming,
  visit,
} from "./visitor";

const MESSAGES_PER_MINUTE = 25;
const FEW_PER_MINUTE = 2;

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
    MESSAGES_PER_MINUTE: String(MESSAGES_PER_MINUTE),
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
  // Browsers report by themselves that a request found no connection.
  const complaints = visitor.complaints.filter((complaint) => !complaint.includes("net::ERR_INTERNET_DISCONNECTED"));
  if (task.result?.state !== "fail") expect(complaints).toEqual([]);
});

/** The replies during which the page is reloaded. */
const RELOADED_TURNS = [2, 5, 9];

const replyText = (page: Visitor["page"]) => replies(page).last().getByTestId("reply-text").innerText();

describe("a reply that was interrupted", () => {
  it("is found growing after the tab was closed, can be stopped there, and is continued from its last word", async () => {
    const { page, context } = visitor;
    await signUp(page, "Noa");
    const path = await newConversation(page);
    model.answers.push({ kind: "hang", words: ["You ", "speak ", "of ", "the ", "sea"] });
    await say(page, "I think of the sea.");
    await streaming(page).getByText("You speak of the sea").waitFor();
    await page.close();

    const back = await context.newPage();
    await back.goto(path);
    await streaming(back).getByText("You speak of the sea").waitFor();
    const left = model.nextClientLeft();
    await back.getByRole("button", { name: "Stop the reply" }).click();
    await left;
    await interrupted(back).waitFor();
    expect(await back.getByTestId("ending-mark").innerText()).toBe("You stopped this reply");
    expect(await replyText(back)).toBe("You speak of the sea");

    model.answers.push({ kind: "reply", words: [" and ", "of ", "leaving."] });
    await back.getByRole("button", { name: "Continue" }).click();
    await replied(back, 1);
    expect(await replyText(back)).toBe("You speak of the sea and of leaving.");
    expect(await replies(back).count()).toBe(1);
    expect(await back.getByRole("button", { name: "Continue" }).count()).toBe(0);

    await back.reload();
    await replied(back, 1);
    expect(await replyText(back)).toBe("You speak of the sea and of leaving.");
  });

  it("can be stopped again while it is continued, and keeps every word", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    model.answers.push({ kind: "hang", words: ["One"] }, { kind: "hang", words: [" two"] });
    await say(page, "Count for me.");
    await streaming(page).getByText("One").waitFor();
    await page.getByRole("button", { name: "Stop the reply" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await streaming(page).getByText("One two").waitFor();
    await page.getByRole("button", { name: "Stop the reply" }).click();
    await interrupted(page).waitFor();
    expect(await replyText(page)).toBe("One two");

    model.answers.push({ kind: "reply", words: [" three."] });
    await page.getByRole("button", { name: "Continue" }).click();
    await replied(page, 1);
    expect(await replyText(page)).toBe("One two three.");
  });

  it("shows why it cannot be continued, and lets the person try again", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    model.answers.push({ kind: "cut", words: ["Half "] });
    await say(page, "Tell me.");
    await page.locator("[data-testid=message][data-state=failed]").waitFor();
    expect(await page.getByTestId("ending-mark").innerText()).toBe("This reply was cut off");
    for (let attempt = 0; attempt < 3; attempt += 1) {
      model.answers.push({ kind: "error", status: 529, type: "overloaded_error" });
    }
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("The AI is busy right now").first().waitFor();
    model.answers.push({ kind: "reply", words: ["a thought."] });
    await page.getByRole("button", { name: "Continue" }).click();
    await replied(page, 1);
    expect(await replyText(page)).toBe("Half a thought.");
  });

  it("that never came stays behind its own message, and can be had there later, also after a reload", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      model.answers.push({ kind: "error", status: 529, type: "overloaded_error" });
    }
    await say(page, "The first.");
    await page.getByTestId("trouble").waitFor();
    model.answers.push({ kind: "reply", words: ["To the second."] });
    await say(page, "The second.");
    await replied(page, 1);
    const shown = page.locator("[data-role=user] [dir=auto], [data-testid=reply-text], [data-testid=trouble] p");
    const unanswered = ["The first.", expect.stringMatching(/busy|no reply/), "The second.", "To the second."];
    const texts = async () => (await shown.allInnerTexts()).map((text) => text.trim());
    expect(await texts()).toEqual(unanswered);
    await page.reload();
    await replied(page, 1);
    await expect.poll(texts).toEqual(unanswered);

    model.answers.push({ kind: "reply", words: ["To the first."] });
    await page.getByRole("button", { name: "Try again" }).click();
    await replied(page, 2);
    const answered = ["The first.", "To the first.", "The second.", "To the second."];
    expect(await texts()).toEqual(answered);
    await page.reload();
    await replied(page, 2);
    expect(await texts()).toEqual(answered);
  });

  it("that failed before its first word leaves the message with the reason and a second try, which stores it once", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      model.answers.push({ kind: "error", status: 529, type: "overloaded_error" });
    }
    await say(page, "Are you there?");
    await page.getByTestId("trouble").getByText("The AI is busy right now").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await replied(page, 1);
    await page.reload();
    await replied(page, 1);
    expect(await page.getByTestId("message").count()).toBe(2);
  });
});

describe("a reply that the model refuses in the middle", () => {
  it("says so in words of its own, offers no Continue, and is in no later prompt with what it answered", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    model.answers.push({ kind: "reply", words: ["I would ", "begin"], stopReason: "refusal" });
    await say(page, "A question that is refused.");
    const refusal = page.getByTestId("refusal");
    const expectRefused = async () => {
      await refusal.waitFor();
      expect(await refusal.innerText()).toContain("I can't answer this one.");
      expect(await replies(page).first().getAttribute("data-state")).toBe("refused");
      expect(await page.getByRole("button", { name: "Continue" }).count()).toBe(0);
    };
    await expectRefused();
    await page.reload();
    await expectRefused();

    await say(page, "Another question.");
    await replied(page, 1);
    const asked = JSON.stringify(model.requests.at(-1)?.messages);
    expect(asked).toContain("Another question.");
    expect(asked).not.toContain("A question that is refused.");
    expect(asked).not.toContain("I would begin");
  });
});

describe("a message that speaks of suicide", () => {
  it("has help beside it, whether the model answers, refuses or fails", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    model.answers.push({ kind: "reply", words: [], stopReason: "refusal" });
    await say(page, "I don’t want to live anymore");
    await page.getByTestId("refusal").waitFor();
    expect(await page.getByTestId("help-notice").count()).toBe(1);
    model.answers.push({ kind: "error", status: 400, type: "invalid_request_error" });
    await say(page, "I want to end it all");
    await page.getByTestId("trouble").waitFor();
    expect(await page.getByTestId("help-notice").count()).toBe(2);
    expect(JSON.stringify(model.requests.at(-1)?.messages.at(-1))).toContain("<care>");
    await page.goto("/about");
    expect(await page.getByTestId("who-answers").innerText()).toContain("a language model answers");
  });
});

describe("without a connection", () => {
  it("shows that there is none, keeps the message, and sends it once when there is one", async () => {
    const { page, context } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await context.setOffline(true);
    await page.getByText("You're offline").waitFor();
    await say(page, "Written on a train.");
    await page.getByTestId("trouble").getByText("The connection was lost").waitFor();
    await context.setOffline(false);
    await replied(page, 1);
    expect(await page.getByText("You're offline").count()).toBe(0);
    expect(await page.getByTestId("trouble").count()).toBe(0);
    await page.reload();
    await replied(page, 1);
    expect(await page.getByTestId("message").count()).toBe(2);
  });

  it("hides the note until the next time when it is closed", async () => {
    const { page, context } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    const note = page.getByTestId("offline-notice").getByText("You're offline");
    await context.setOffline(true);
    await note.waitFor();
    await page.getByTestId("offline-notice").getByRole("button", { name: "Close" }).click();
    await note.waitFor({ state: "detached" });
    await context.setOffline(false);
    await say(page, "I think of the sea.");
    await replied(page, 1);
    await context.setOffline(true);
    await note.waitFor();
  });

  it("is noticed although one more request was answered", async () => {
    const { page, context } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await page.route("**/api/health", (route) => route.fulfill({ json: {} }), { times: 1 });
    await context.setOffline(true);
    await page.getByText("You're offline").waitFor();
    await context.setOffline(false);
    await page.getByText("You're offline").waitFor({ state: "detached" });
  });

  it("keeps an unsent message through a reload, and sends it", async () => {
    const { page, context } = visitor;
    await signUp(page, "Noa");
    const path = await newConversation(page);
    await context.setOffline(true);
    await say(page, "Written on a train.");
    await page.getByTestId("trouble").waitFor();
    await page.close();
    await context.setOffline(false);
    const back = await context.newPage();
    await back.goto(path);
    await replied(back, 1);
    expect(await back.getByTestId("message").first().innerText()).toContain("Written on a train.");
    expect(await back.getByTestId("message").count()).toBe(2);
  });

  it("keeps a draft through a reload", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await composer(page).fill("Half a thought");
    await page.reload();
    await expect.poll(() => composer(page).inputValue()).toBe("Half a thought");
  });
});

describe("a dream that a reply creates", () => {
  it("is shown with a link that leads to it", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    const dream = { title: "A boat of my own", description: "Small, and made by hand.", category: "creativity" };
    model.answers.push({ kind: "tools", words: ["Gladly."], calls: [{ name: "create_dream", input: dream }] });
    await say(page, "Please keep it: I want a boat of my own.");
    await replied(page, 1);
    await page.getByTestId("kept-dream").getByRole("link", { name: dream.title }).click();
    await page.waitForURL(/\/dreams#/);
    const card = page.getByTestId("dream").filter({ hasText: dream.title });
    await card.waitFor();
    await expect.poll(() => card.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});

describe("a block of code in a reply", () => {
  it("can be copied on its own", async () => {
    const { page, context } = visitor;
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signUp(page, "Noa");
    await newConversation(page);
    model.answers.push({
      kind: "reply",
      words: ["Try this:\n\n```js\nif (a < b) {\n  ", "go();\n}\n```\n\nIt ends there."],
    });
    await say(page, "How do I leave?");
    await replied(page, 1);
    await page.getByRole("button", { name: "Copy code" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("if (a < b) {\n  go();\n}");
  });

  it("is a stop of the Tab key where it is wider than the page, and is scrolled by arrows", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    model.answers.push({ kind: "reply", words: ["Try:\n\n```\n", "sea ".repeat(200), "\n```\n\nIt ends."] });
    await say(page, "How do I leave?");
    await replied(page, 1);
    const code = replies(page).locator("pre");
    await page.getByTestId("messages").focus();
    await page.keyboard.press("End");
    const isFocused = () => code.evaluate((element) => element === document.activeElement);
    for (let stop = 0; stop < 5 && !(await isFocused()); stop += 1) await page.keyboard.press("Tab");
    expect(await isFocused()).toBe(true);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => code.evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(0);
  });
});

describe("a conversation of twenty messages", () => {
  it("has all five sections in the cache for each message, and a warm prompt for the first; reloads lose nothing", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    const prewarms = requestsFor(page, "messages.prewarm");
    const fromMemory: number[] = [];
    for (let turn = 1; turn <= 20; turn += 1) {
      // Reading before writing gives time to load again what the last reply outdated.
      await page.locator("button[aria-busy=false]", { hasText: "Refresh" }).waitFor();
      const reply = RELOADED_TURNS.includes(turn) ? heldReply(model, ["I begin ", "and end."]) : null;
      await composer(page).pressSequentially(`Message ${turn}`);
      await composer(page).press("Enter");
      if (reply !== null) {
        await streaming(page).getByText("I begin").waitFor();
        await page.reload();
        await streaming(page).getByText("I begin").waitFor();
        reply.goOn();
      }
      await replied(page, turn);
      fromMemory.push((await lastBuild(page)).fromMemory);
    }
    expect(fromMemory).toEqual(Array(20).fill(5));
    expect(await page.getByTestId("message").count()).toBe(40);
    expect(prewarms.count).toBe(1);
  }, 120_000);

  it("has what left the prompt summed up, for the model and in the inspector", async () => {
    const { page } = visitor;
    model.otherwise = (request) =>
      JSON.stringify(request.system).includes("running summary")
        ? { kind: "reply", words: ["They ", "count their messages."] }
        : { kind: "reply", words: ["I ", "hear ", "you."] };
    await signUp(page, "Noa");
    await newConversation(page);
    for (let turn = 1; turn <= 12; turn += 1) {
      await say(page, `Message ${turn}`);
      await replied(page, turn);
    }
    await page.reload();
    const summary = page.getByTestId("earlier-summary");
    await summary.getByText(/^Clarify remembers the first \d+ messages as a summary$/).click();
    await summary.getByText("They count their messages.").waitFor();
    await say(page, "Do you remember the first?");
    await replied(page, 13);
    const asked = JSON.stringify(
      model.requests.findLast(({ messages }) => JSON.stringify(messages).includes("the first?")),
    );
    expect(asked).toContain("They count their messages.");
    expect(asked).not.toContain('Message 1"');
  }, 120_000);
});

describe("the limit of messages a minute", () => {
  it("shows a countdown until the message can be sent; it can be taken back in the meantime", async () => {
    // Slow enough that the limit still holds when the page is checked.
    const limited = await startApp({ MESSAGES_PER_MINUTE: String(FEW_PER_MINUTE) });
    const hurried = await visit(browser, limited.url);
    const { page } = hurried;
    await signUp(page, "Noa");
    await newConversation(page);
    for (let turn = 1; turn <= FEW_PER_MINUTE; turn += 1) {
      await say(page, `Message ${turn}`);
      await replied(page, turn);
    }
    await say(page, "One too many");
    const trouble = page.getByTestId("trouble");
    await trouble.getByText("You're sending messages too fast").waitFor();
    const retry = trouble.getByRole("button", { name: /^Try again in \d+ s$/ });
    expect(await retry.isDisabled()).toBe(true);
    const seconds = async () => Number(/\d+/.exec(await retry.innerText())?.[0]);
    const first = await seconds();
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(60);
    await expect.poll(seconds, { timeout: 5_000 }).toBeLessThan(first);

    await trouble.getByRole("button", { name: "Edit" }).click();
    expect(await composer(page).inputValue()).toBe("One too many");
    expect(await trouble.count()).toBe(0);
    await hurried.close();
    await limited.stop();
  }, 120_000);
});
