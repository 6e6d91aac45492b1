import { describe, expect, it } from "vitest";
import { CARING_WORDS } from "@/server/conversation/care";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { accessibilityViolations, newConversation, replied, replies, say, screenshot, signUp } from "./visitor";

let visitor: Visitor;
const visitAlso = eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

describe("a message that speaks of suicide", () => {
  it("is answered with where to find help and never quoted, and the help is still there after a reload", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "I want to die");
    const notice = page.getByTestId("help-notice");
    await notice.waitFor();
    await replied(page, 1);
    expect(await replies(page).getByTestId("reply-text").innerText()).toBe(CARING_WORDS.en.now.join(" "));
    expect(await accessibilityViolations(page)).toEqual([]);
    await screenshot(page, "care");
    await page.reload();
    await notice.waitFor();
    expect(await notice.count()).toBe(1);
    expect(await page.getByTestId("session-row").first().innerText()).not.toContain("die");

    await say(page, "I'm dying to see the sea.");
    await replied(page, 2);
    expect(await notice.count()).toBe(1);
    await notice.getByRole("link", { name: "More help lines" }).click();
    await page.waitForURL(/\/about#help$/);
  });

  it("shows help also when a message is reworded into one, and no more when it is reworded again", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "The sea");
    await replied(page, 1);
    const notice = page.getByTestId("help-notice");
    expect(await notice.count()).toBe(0);
    const reword = async (words: string) => {
      await page.getByTestId("message").first().hover();
      await page.getByRole("button", { name: "Edit message" }).click();
      const field = page.getByRole("textbox", { name: "Your message" });
      await field.fill(words);
      await field.press("Enter");
    };
    await reword("I want to die");
    await notice.waitFor();
    await replied(page, 1);
    await reword("The boats");
    await expect.poll(() => notice.count()).toBe(0);
  });

  it("shows the line of the place where the browser is", async () => {
    const there = await visitAlso({ timezoneId: "Asia/Jerusalem", locale: "he-IL" });
    const { page } = there;
    await page.goto("/sign-in?mode=sign-up");
    await page.getByLabel("איך לקרוא לך?").fill("נועה");
    await page.getByLabel("דוא״ל").fill(`noa-${crypto.randomUUID()}@example.com`);
    await page.getByLabel("סיסמה").fill("a-long-password");
    await page.getByRole("button", { name: "פתיחת חשבון" }).click();
    await page.waitForURL(/\/clarify\/[0-9a-f-]{36}$/);
    const field = page.getByRole("textbox", { name: "הודעה", exact: true });
    await field.fill("אני רוצה למות");
    await field.press("Enter");
    await page.getByTestId("help-notice").getByRole("link", { name: "1201" }).waitFor();
    await replied(page, 1);
    expect(await replies(page).getByTestId("reply-text").innerText()).toContain("1201");
    await screenshot(page, "care-hebrew");
    await there.close();
  });
});

describe("the page that says what this is", () => {
  it.each([
    { locale: "en-GB", first: "GB", heading: "About Clarify and your words", voice: "built-in voice" },
    { locale: "he-IL", first: "IL", heading: "על Clarify ועל המילים שלך", voice: "הקול המובנה" },
  ])("is read by visitors who are not signed in ($locale), with their country's help first", async (language) => {
    const there = await visitAlso({ locale: language.locale, viewport: { width: 390, height: 800 } });
    const { page } = there;
    await page.goto("/sign-in");
    await page.locator('a[href="/about"]').click();
    await page.getByRole("heading", { name: language.heading }).waitFor();
    expect(await page.getByTestId("who-answers").innerText()).toContain(language.voice);
    expect(await page.getByTestId("crisis-line").first().getAttribute("data-country")).toBe(language.first);
    expect(await accessibilityViolations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await screenshot(page, `about-${language.locale}`);
    await there.close();
  });

  it("is linked where people write, and on their account page", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    expect(await page.getByTestId("who-answers").getByRole("link").getAttribute("href")).toBe("/about");
    await page.goto("/account");
    await page.getByRole("main").getByRole("link", { name: "What this is and where your words go" }).click();
    await page.waitForURL(/\/about$/);
  });
});
