import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { acknowledged, composer, continueAsDemo, newConversation, replied, say, signUp } from "./visitor";

let visitor: Visitor;
let page: Page;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
  page = visitor.page;
});

const rows = () => page.getByTestId("session-row");
const rowOf = (title: string): Locator => rows().filter({ hasText: title });

async function act(title: string, action: string): Promise<void> {
  await rowOf(title).hover();
  await rowOf(title)
    .getByRole("button", { name: /^Actions for/ })
    .click();
  await page.getByRole("menuitem", { name: action }).click();
}

/** The title of the only conversation after a reload: what the server has stored. */
async function storedTitle(): Promise<string> {
  await page.reload();
  return rows().getByRole("link").locator("span").first().innerText();
}

async function converse(words: string): Promise<void> {
  await newConversation(page);
  await say(page, words);
  await replied(page, 1);
  await rowOf(words).waitFor();
}

describe("the conversations", () => {
  it("are renamed in their place with Enter; Escape keeps the name; the name survives a reload", async () => {
    await signUp(page, "Noa");
    await converse("The sea");
    await act("The sea", "Rename");
    const field = page.getByRole("textbox", { name: "Conversation title" });
    await field.fill("Not this");
    await field.press("Escape");
    await rowOf("The sea").waitFor();
    await act("The sea", "Rename");
    await field.fill("The wide sea");
    await acknowledged(page, "sessions.rename", async () => {
      await field.press("Enter");
      await rowOf("The wide sea").waitFor();
      await page.getByRole("heading", { level: 1, name: "The wide sea" }).waitFor();
    });
    await page.reload();
    await rowOf("The wide sea").waitFor();
  });

  it("have the last of two names that were given in quick succession", async () => {
    await signUp(page, "Noa");
    await converse("The sea");
    const slow = Promise.withResolvers<void>();
    await page.route(/sessions\.rename/, (route) => slow.promise.then(() => route.continue()), { times: 1 });
    const field = page.getByRole("textbox", { name: "Conversation title" });
    await act("The sea", "Rename");
    await field.fill("The wide sea");
    await field.press("Enter");
    await act("The wide sea", "Rename");
    await field.fill("The harbour");
    await field.press("Enter");
    await rowOf("The harbour").waitFor();
    await acknowledged(page, "sessions.rename", async () => slow.resolve());
    await expect.poll(storedTitle).toBe("The harbour");
  });

  it("show how many messages they have, and when something last happened", async () => {
    await signUp(page, "Noa");
    await converse("The sea");
    await expect.poll(() => rowOf("The sea").getByTestId("message-count").innerText()).toBe("2 messages");
    expect(await rowOf("The sea").locator("time").innerText()).toBe("just now");
  });

  it("are archived, which can be undone, and restored; an archived one can be read but not continued", async () => {
    await signUp(page, "Noa");
    await converse("The sea");
    await act("The sea", "Archive");
    await expect.poll(() => rows().count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await rowOf("The sea").waitFor();
    await act("The sea", "Archive");
    await page.getByText("This conversation is archived.").waitFor();
    expect(await composer(page).count()).toBe(0);
    await page.getByRole("button", { name: "Archived", exact: true }).click();
    await rowOf("The sea").waitFor();
    await page.getByRole("button", { name: "Restore it to keep writing" }).click();
    await composer(page).waitFor();
    await expect.poll(() => rows().count()).toBe(0);
    await page.getByRole("button", { name: "Current" }).click();
    await rowOf("The sea").waitFor();
  });

  it("are removed at once, also when the page is left, which can be undone, and restored later from the account page", async () => {
    await signUp(page, "Noa");
    await converse("The sea");
    await act("The sea", "Remove");
    await page.waitForURL(/\/clarify$/);
    expect(await rows().count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await rowOf("The sea").waitFor();
    await acknowledged(page, "sessions.remove", () => act("The sea", "Remove"));
    await page.reload();
    await page.getByText("No conversations yet").waitFor();

    await page.getByRole("button", { name: "Archived", exact: true }).click();
    await page.getByRole("link", { name: "Recently removed" }).click();
    await page.waitForURL(/\/account#bin$/);
    await page.getByRole("button", { name: "Restore The sea" }).click();
    await page.getByText("Nothing was removed in the last 30 days.").waitFor();
    await page.getByRole("button", { name: "Current" }).click();
    await rowOf("The sea").getByRole("link").click();
    await replied(page, 1);
  });

  it("show a change at once, and revert it when the server refuses it", async () => {
    await signUp(page, "Noa");
    await converse("The sea");
    await page.route(/sessions\.rename/, (route) => route.abort());
    await act("The sea", "Rename");
    const field = page.getByRole("textbox", { name: "Conversation title" });
    await field.fill("Refused");
    await field.press("Enter");
    await page.getByText("The connection was lost").first().waitFor();
    await rowOf("The sea").waitFor();
    expect(await rowOf("Refused").count()).toBe(0);
    visitor.complaints.length = 0; // The browser reports the request that was cut.
  });
});

describe("the keyboard", () => {
  it("searches with /, goes down with the arrows, opens with Enter, clears with Escape, begins with n", async () => {
    await continueAsDemo(page);
    await rows().first().waitFor();
    const all = await rows().count();
    const title = (await rows().nth(2).getByRole("link").locator("span").first().innerText()).trim();
    await page.locator("body").press("/");
    await page.keyboard.type(title);
    await expect.poll(() => rows().count()).toBe(1);
    await page.keyboard.press("Escape");
    await expect.poll(() => rows().count()).toBe(all);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/clarify\/.+/);
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    const before = page.url();
    await page.getByTestId("messages").focus();
    await page.keyboard.press("n");
    await page.waitForURL((url) => url.href !== before);
    await page.getByTestId("opening").waitFor();
    await page.keyboard.type("n/"); // In the composer these are letters.
    expect(await composer(page).inputValue()).toBe("n/");
  });
});

describe("the messages", () => {
  it("are laid out in their own direction, each", async () => {
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "אני חושבת על הים");
    await replied(page, 1);
    const direction = (locator: Locator) => locator.evaluate((element) => getComputedStyle(element).direction);
    expect(await direction(page.locator("[data-role=user] [dir=auto]").first())).toBe("rtl");
    expect(await direction(page.getByTestId("reply-text").locator("p").first())).toBe("rtl");
    await say(page, "And now in English.");
    await replied(page, 2);
    expect(await direction(page.locator("[data-role=user] [dir=auto]").last())).toBe("ltr");
    expect(await direction(page.getByTestId("messages"))).toBe("ltr");
  });

  it("let the reader stay where they are while a reply grows, and lead back to the newest", async () => {
    await signUp(page, "Noa");
    await page.setViewportSize({ width: 1100, height: 420 });
    await newConversation(page);
    for (const turn of [1, 2]) {
      await say(page, `Message ${turn}, about the sea and the boat that my father never finished.`);
      await replied(page, turn);
    }
    await say(page, "One more, about the years since.");
    await page.locator("[data-testid=message][data-state=streaming]").waitFor();
    const scroller = page.getByTestId("messages");
    await scroller.hover();
    await page.mouse.wheel(0, -2_000);
    await expect.poll(() => scroller.evaluate((element) => element.scrollTop)).toBe(0);
    await replied(page, 3);
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(0);
    await page.getByRole("button", { name: "Go to the newest message" }).click();
    const left = () => scroller.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
    await expect.poll(left).toBeLessThan(2);
  });
});
