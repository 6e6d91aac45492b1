import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import type { ModelServer } from "../support/model/anthropic-server";
import { startModelServer } from "../support/model/anthropic-server";
import type { Visitor } from "./visitor";
import {
  accessibilityViolations,
  acknowledged,
  continueAsDemo,
  newConversation,
  replied,
  say,
  signIn,
  signUp,
  visit,
} from "./visitor";

// What Clarify knows about you is the person's to steer: each step is followed by a message, and by a look at what the model was sent.

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
    CONSOLIDATION_SCHEDULE: "off",
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

let said = 0;

/** Says something in a new conversation, and answers with all that the model was sent for it. */
async function nextPrompt(): Promise<string> {
  await newConversation(page);
  said += 1;
  const words = `Good morning number ${said}.`;
  await say(page, words);
  await replied(page, 1);
  const prompts = model.requests.map((request) => JSON.stringify(request)).filter((prompt) => prompt.includes(words));
  expect(prompts).toHaveLength(1);
  return prompts[0] ?? "";
}

async function create(procedure: string, data: Record<string, unknown>): Promise<void> {
  expect((await page.request.post(`/api/trpc/${procedure}`, { data })).status()).toBe(200);
}

const button = (name: string) => page.getByRole("button", { name, exact: true });
const known = (section: string) =>
  page.locator(`[data-testid=inspector-section][data-section=${section}]`).getByTestId("section-item");

describe("pausing", () => {
  it("keeps a dream out of the next prompt, and resuming lets it back in", async () => {
    await signUp(page, "Noa");
    await create("dreams.create", { title: "Throw a moon jar" });
    expect(await nextPrompt()).toContain("Throw a moon jar");

    await page.goto("/dreams");
    await acknowledged(page, "dreams.setPaused", () => button("Pause Throw a moon jar").click());
    await page.getByTestId("paused").waitFor();
    expect(await nextPrompt()).not.toContain("Throw a moon jar");

    await page.goto("/dreams");
    await acknowledged(page, "dreams.setPaused", () => button("Resume Throw a moon jar").click());
    expect(await nextPrompt()).toContain("Throw a moon jar");
  });

  it("works where the mirror shows what it knows, and is taken back there", async () => {
    await signUp(page, "Noa");
    await create("reflections.create", { tone: "calm", content: "The harbour at six" });
    expect(await nextPrompt()).toContain("The harbour at six");

    await known("reflections").getByText("The harbour at six").hover();
    await button("Options for The harbour at six").click();
    const pause = page.getByRole("menuitem", { name: "Don't use it in replies for now" });
    await pause.waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await acknowledged(page, "reflections.setPaused", () => pause.click());
    await expect.poll(() => known("reflections").count()).toBe(0);
    await acknowledged(page, "reflections.setPaused", () => button("Use it in replies again").click());
    await known("reflections").getByText("The harbour at six").waitFor();
    expect(await nextPrompt()).toContain("The harbour at six");
  });
});

describe("off the record", () => {
  it("chosen before the first word, keeps a conversation out of every other one's prompt, until it is put on", async () => {
    await signUp(page, "Noa");
    const path = await newConversation(page);
    await button("Off the record").click();
    await expect.poll(() => button("Off the record").getAttribute("aria-pressed")).toBe("true");
    await say(page, "The lighthouse keeper is my brother.");
    await replied(page, 1);
    expect(await nextPrompt()).not.toContain("lighthouse");

    await page.goto(path);
    await replied(page, 1);
    await acknowledged(page, "sessions.setOffRecord", () => button("Off the record").click());
    expect(await nextPrompt()).toContain("The lighthouse keeper is my brother.");
  });

  it("chosen later, from where the mirror shows it in another conversation", async () => {
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "The vineyard is for sale.");
    await replied(page, 1);
    expect(await nextPrompt()).toContain("The vineyard is for sale.");
    await known("sessions").getByText("The vineyard is for sale.").hover();
    await button("Options for The vineyard is for sale.").click();
    await acknowledged(page, "sessions.setOffRecord", () =>
      page.getByRole("menuitem", { name: "Take off the record" }).click(),
    );
    await page.getByTestId("session-row").filter({ hasText: "off the record" }).waitFor();
    expect(await nextPrompt()).not.toContain("vineyard");
  });
});

describe("another conversation", () => {
  it("is renamed where the mirror shows it", async () => {
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "The orchard is old.");
    await replied(page, 1);
    expect(await nextPrompt()).toContain("The orchard is old.");
    await known("sessions").getByText("The orchard is old.").hover();
    await button("Options for The orchard is old.").click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    const field = page.getByRole("textbox", { name: "Conversation title" });
    await field.fill("My grandfather's trees");
    await acknowledged(page, "sessions.rename", () => field.press("Enter"));
    await page.getByTestId("session-row").filter({ hasText: "My grandfather's trees" }).waitFor();
    const prompt = await nextPrompt();
    expect(prompt).toContain("My grandfather's trees");
    expect(prompt).not.toContain("The orchard is old.");
  });
});

describe("a pattern", () => {
  it("is told in the person's own words, which they reach from the mirror, and shows where it was seen", async () => {
    await continueAsDemo(page);
    expect(await nextPrompt()).toContain("and wants the salary that makes it safe to want it");
    const seen = known("patterns").getByText(/^Wants the studio, and wants the salary/);
    await seen.hover();
    await page.getByRole("button", { name: /^Options for Wants the studio/ }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await page.waitForURL(/\/account$/);
    const words = page.getByLabel("In your own words");
    await words.fill("Wants the studio more than she is afraid.");
    await acknowledged(page, "patterns.update", () => words.press("Enter"));
    const corrected = page.getByTestId("pattern").filter({ hasText: "more than she is afraid" });
    await corrected.waitFor();
    await corrected.getByRole("button", { name: /^Where it was seen/ }).click();
    await corrected.getByTestId("pattern-message").or(corrected.getByText("have been deleted")).first().waitFor();

    const prompt = await nextPrompt();
    expect(prompt).toContain("Wants the studio more than she is afraid.");
    expect(prompt).not.toContain("the salary that makes it safe");
  });

  it("that is not true is removed where the mirror shows it, and is in no prompt any more", async () => {
    await continueAsDemo(page);
    expect(await nextPrompt()).toContain("and wants the salary that makes it safe to want it");
    const seen = known("patterns").getByText(/^Wants the studio, and wants the salary/);
    await seen.hover();
    await page.getByRole("button", { name: /^Options for Wants the studio/ }).click();
    const remove = page.getByRole("menuitem", { name: "Not true: remove it" });
    await acknowledged(page, "patterns.remove", () => remove.click());
    await expect.poll(() => seen.count()).toBe(0);
    expect(await nextPrompt()).not.toContain("the salary that makes it safe");
  });
});

describe("forgetting everything about something", () => {
  it("is a search, a list and one confirmation; what is chosen is in no prompt any more, what is spared is", async () => {
    await signUp(page, "Noa");
    await create("dreams.create", { title: "Sail with Rosalind" });
    await create("dreams.create", { title: "Plant an orchard", description: "For Rosalind." });
    await create("reflections.create", { tone: "torn", content: "Rosalind did not call." });
    await create("reflections.create", { tone: "calm", content: "The harbour at six" });
    await newConversation(page);
    await say(page, "I saw Rosalind again.");
    await replied(page, 1);
    const before = await nextPrompt();
    for (const words of ["Sail with Rosalind", "Rosalind did not call", "I saw Rosalind again"]) {
      expect(before).toContain(words);
    }

    await page.goto("/account");
    const what = page.getByLabel("What should be forgotten?");
    await what.fill("nobody of that name");
    await what.press("Enter");
    await page.getByText("Nothing found for “nobody of that name”.").waitFor();
    await what.fill("ROSALIND");
    await button("Find it").click();
    const found = page.getByTestId("knowledge");
    await page.getByText("Everything about “ROSALIND”").waitFor();
    expect((await found.evaluateAll((items) => items.map((item) => item.dataset.kind))).toSorted()).toEqual([
      "conversation",
      "dream",
      "dream",
      "reflection",
    ]);
    expect(await found.filter({ hasText: "I saw Rosalind again." }).innerText()).toContain("all of it, 2 messages");
    expect(await page.getByRole("checkbox", { checked: true }).count()).toBe(4);
    await page.getByText("Nobody can bring it back, not even us.").first().waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await found.filter({ hasText: "Plant an orchard" }).getByRole("checkbox").uncheck();
    await acknowledged(page, "knowledge.forget", () => button("Forget these 3 for good").click());
    await page.getByText("3 things were deleted.").first().waitFor();
    expect(await found.count()).toBe(0);
    await expect.poll(() => what.evaluate((field) => field === document.activeElement)).toBe(true);

    const after = await nextPrompt();
    for (const words of ["Sail with", "did not call", "I saw"]) expect(after).not.toContain(words);
    for (const words of ["Plant an orchard", "The harbour at six"]) expect(after).toContain(words);
    expect(await page.getByTestId("session-row").filter({ hasText: "Rosalind" }).count()).toBe(0);
  });
});

describe("the language", () => {
  it("that a person chose is spoken by every device of theirs, new ones and those where they are signed in already", async () => {
    const account = await signUp(page, "Noa");
    const other = await visit(browser, app.url);
    await signIn(other.page, account);
    await page.goto("/account");
    await acknowledged(page, "account.update", () =>
      page.getByRole("group", { name: "Language" }).getByRole("button", { name: "עברית" }).click(),
    );
    await expect.poll(() => page.locator("html").getAttribute("lang")).toBe("he");

    const third = await visit(browser, app.url);
    await signIn(third.page, account);
    await expect.poll(() => third.page.locator("html").getAttribute("lang")).toBe("he");
    await other.page.reload();
    await expect.poll(() => other.page.locator("html").getAttribute("dir")).toBe("rtl");
    for (const device of [other, third]) {
      expect(device.complaints).toEqual([]);
      await device.close();
    }
  });
});
