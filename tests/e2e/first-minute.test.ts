import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { technicalTerms } from "../support/technical-terms";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import {
  accessibilityViolations,
  composer,
  continueAsDemo,
  forgiveFailures,
  newConversation,
  replied,
  say,
  signUp,
} from "./visitor";

// What somebody meets who is here for the first time: where they land, and in which words.

let visitor: Visitor;
const anotherVisitor = eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

const arrivals = (page: Page) => page.getByTestId("arrivals");

async function openAccount(page: Page): Promise<void> {
  await page.goto("/sign-in?mode=sign-up");
  await page.getByLabel("What should we call you?").fill("Noa");
  await page.getByLabel("E-mail").fill(`noa-${crypto.randomUUID()}@example.com`);
  await page.getByLabel("Password").fill("a-long-password");
  await page.getByRole("button", { name: "Create" }).click();
  await page.waitForURL(/\/clarify\/[0-9a-f-]{36}$/);
}

describe("somebody who has just opened an account", () => {
  it("can write at once, and reads in a sentence what this is", async () => {
    const { page } = visitor;
    await openAccount(page);
    await page.getByTestId("opening").getByText("so that you find out what you want").waitFor();
    await expect.poll(() => composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.type("Would I still write if nobody read it?");
    await page.keyboard.press("Enter");
    await replied(page, 1);
    await page.goBack();
    expect(new URL(page.url()).pathname).not.toBe("/clarify");
  });

  it("sees that nothing is known yet, and what comes in while they look", async () => {
    const { page, context } = visitor;
    await openAccount(page);
    await arrivals(page).getByText("Nothing here yet. It fills as you write.").waitFor();
    expect(await arrivals(page).getAttribute("role")).toBe("status");

    const other = await context.newPage();
    await other.goto("/dreams");
    await other.getByRole("button", { name: "New dream" }).click();
    await other.getByLabel("What do you want?").fill("Throw a moon jar");
    await other.getByRole("button", { name: "Keep it" }).click();
    await arrivals(page).getByText("New here: “Throw a moon jar”").waitFor();
    await page.getByTestId("section-item").getByText("Throw a moon jar").waitFor();

    // Also where the inspector has more to show than there is room.
    await page.setViewportSize({ width: 1440, height: 500 });
    const shownHeight = () => arrivals(page).evaluate((line) => line.clientHeight);
    const wholeHeight = () => arrivals(page).evaluate((line) => line.scrollHeight);
    expect(await shownHeight()).toBeGreaterThan(0);
    expect(await shownHeight()).toBe(await wholeHeight());
  });
});

describe("on a narrow page", () => {
  it("what is known opens over the conversation, and the page obeys its own policy for styles", async () => {
    const { page, complaints, close } = await anotherVisitor({ viewport: { width: 360, height: 740 } });
    await continueAsDemo(page);
    await page.getByRole("button", { name: "New conversation" }).first().click();
    await page.getByTestId("opening").waitFor();
    await page.getByRole("button", { name: "What Clarify knows about you" }).click();
    await page.getByRole("dialog").getByTestId("section-item").first().waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Technical" }).click();
    await page.getByTestId("section-tokens").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Show conversations" }).click();
    await page.getByRole("dialog").getByTestId("session-row").first().waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});

/** Everything that a page shows, says to a screen reader, or shows on hover. */
function wordsOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const named = [...document.querySelectorAll("[title], [aria-label], [placeholder]")].filter((element) =>
      element.checkVisibility(),
    );
    const names = named.flatMap((element) =>
      ["title", "aria-label", "placeholder"].map((name) => element.getAttribute(name) ?? ""),
    );
    return [document.title, document.body.innerText, ...names].join("\n");
  });
}

describe("what stands on the pages", () => {
  it("is nothing technical, on any page that a person who talks here sees", async () => {
    const { page } = visitor;
    await page.goto("/sign-in");
    expect(technicalTerms(await wordsOf(page))).toEqual([]);
    await continueAsDemo(page);
    await newConversation(page);
    await say(page, "I keep thinking about the sea.");
    await replied(page, 1);
    await page.getByTestId("inspector-section").nth(4).waitFor();
    expect(technicalTerms(await wordsOf(page))).toEqual([]);
    for (const path of ["/clarify", "/dreams", "/reflections", "/account", "/about"]) {
      await page.goto(path);
      await page.waitForLoadState("networkidle");
      expect(technicalTerms(await wordsOf(page)), path).toEqual([]);
    }
  });

  it("is nothing technical while things fail either", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await page.route(/\/api\/trpc\//, (route) => route.fulfill({ status: 500, body: "ECONNREFUSED null" }));
    await say(page, "I keep thinking about the sea.");
    await page.getByText("Try again").first().waitFor();
    expect(technicalTerms(await wordsOf(page))).toEqual([]);
    await page.getByRole("link", { name: "Dreams" }).first().click();
    await page.waitForURL(/\/dreams$/);
    // The active ones may be known, because an empty conversation asks for them.
    await page.getByRole("button", { name: "Released" }).click();
    await page.getByText("Try again").first().waitFor();
    expect(technicalTerms(await wordsOf(page))).toEqual([]);
    await forgiveFailures(visitor);
  });

  it("is what is technical, once it is asked for", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await page.getByRole("button", { name: "Technical" }).click();
    await page.getByTestId("section-tokens").first().waitFor();
    expect(technicalTerms(await wordsOf(page))).not.toEqual([]);
  });
});
