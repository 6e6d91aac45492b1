import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { en } from "@/components/words/en";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import {
  accessibilityViolations,
  composer,
  newConversation,
  replied,
  replies,
  requestsFor,
  say,
  screenshot,
  signUp,
} from "./visitor";

let visitor: Visitor;
let page: Page;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
  page = visitor.page;
});

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const said = () => page.locator("[data-testid=message][data-role=user]");
const form = (name: string) => page.getByRole("form", { name });

/** Opens the form that keeps a message, as its menu does. */
async function keep(message: Locator, as: "dream" | "reflection"): Promise<Locator> {
  await message.hover();
  await message.getByRole("button", { name: en.conversation.keep }).click();
  await page.getByRole("menuitem", { name: en.conversation.keepAs[as] }).click();
  return form(en.conversation.keepAs[as]);
}

describe("keep this", () => {
  it("makes a dream of a message, in its words, which leads back to the conversation", async () => {
    await signUp(page, "Noa");
    const creations = requestsFor(page, "dreams.create");
    const path = await newConversation(page);
    await say(page, "I want to build a boat. Not to sail it, to know that I can.");
    await replied(page, 1);

    const dream = await keep(said(), "dream");
    expect(await dream.getByLabel(en.dreams.whatDoYouWant).inputValue()).toBe("I want to build a boat");
    expect(await dream.getByLabel(en.dreams.howWouldItLook).inputValue()).toContain("to know that I can.");
    expect(await accessibilityViolations(page)).toEqual([]);
    await screenshot(page, "keep-as-dream");
    await page.keyboard.press("Escape");
    await dream.waitFor({ state: "detached" });
    expect(creations.count).toBe(0);
    const opener = said().getByRole("button", { name: en.conversation.keep });
    await expect.poll(() => opener.evaluate((element) => element === document.activeElement)).toBe(true);

    await keep(said(), "dream");
    await dream.getByLabel(en.dreams.partOfLife).fill("craft");
    await page.mouse.click(10, 300);
    await dream.waitFor({ state: "detached" });
    await keep(said(), "dream");
    expect(await dream.getByLabel(en.dreams.partOfLife).inputValue()).toBe("craft");
    await button(en.common.keepIt).click();
    await button(en.conversation.showKept).click();
    await page.waitForURL(/\/dreams$/);
    const card = page.getByTestId("dream");
    await card.getByRole("heading", { name: "I want to build a boat" }).waitFor();
    await card.getByRole("link", { name: en.dreams.fromConversation }).click();
    await page.waitForURL(new RegExp(`${path}$`));
  });

  it("makes a reflection of a reply, without the marks of its markdown", async () => {
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "I laughed today.");
    await replied(page, 1);
    const reply = await replies(page).getByTestId("reply-text").innerText();
    const reflection = await keep(replies(page), "reflection");
    expect(await reflection.getByLabel(en.reflections.whatHappened).inputValue()).toBe(reply.trim());
    await button(en.common.keepIt).click();
    await button(en.conversation.showKept).click();
    await page.getByTestId("reflection").getByText(reply.trim()).waitFor();
  });

  it("offers no dream where a message speaks of despair", async () => {
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "I want to kill myself.");
    await replied(page, 1);
    await said().hover();
    await said().getByRole("button", { name: en.conversation.keep }).click();
    await page.getByRole("menuitem", { name: en.conversation.keepAs.reflection }).waitFor();
    expect(await page.getByRole("menuitem").count()).toBe(1);
  });
});

describe("talk about this", () => {
  it("opens a conversation about a dream that is not stored yet, and leaves another draft alone", async () => {
    await signUp(page, "Noa");
    const first = await newConversation(page);
    await composer(page).fill("Half a thought");
    await page.request.post("/api/trpc/dreams.create", { data: { title: "Throw a moon jar" } });
    await page.goto("/dreams");
    const creations = requestsFor(page, "sessions.create");
    await button("Talk about Throw a moon jar").click();
    await page.waitForURL(({ pathname }) => pathname.startsWith("/clarify/") && pathname !== first);
    await expect.poll(() => composer(page).inputValue()).toBe("I'd like to talk about my dream “Throw a moon jar”. ");
    expect(await page.getByTestId("session-row").count()).toBe(0);
    expect(creations.count).toBe(0);

    await page.goto(first);
    await expect.poll(() => composer(page).inputValue()).toBe("Half a thought");
  });

  it("opens a conversation about a reflection, which names it", async () => {
    await signUp(page, "Noa");
    const data = { content: "Stood in the empty room again. It was cold.", tone: null };
    await page.request.post("/api/trpc/reflections.create", { data });
    await page.goto("/reflections");
    await screenshot(page, "talk-about-reflection");
    await button(/^Talk about the reflection of /).click();
    await expect.poll(() => composer(page).inputValue()).toMatch(/“Stood in the empty room again” $/);
    await composer(page).press("Enter");
    await replied(page, 1);
    await page.getByTestId("session-row").filter({ hasText: "I'd like to talk about what I wrote" }).waitFor();
  });
});
