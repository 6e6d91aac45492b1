import type { Page } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { composer, holdScripts, newConversation, replied, say, signUp } from "./visitor";

// What is sent before the page's scripts have arrived.

let visitor: Visitor;
let page: Page;
let path: string;
const anotherVisitor = eachTestHasVisitor((arrived) => {
  visitor = arrived;
  page = visitor.page;
});
beforeEach(async () => {
  await signUp(page, "Noa");
  path = await newConversation(page);
  await say(page, "I think of the sea.");
  await replied(page, 1);
});

/** Opens the conversation without its scripts, which arrive when the returned function is called. */
async function openEarly(page: Page, at = path): Promise<() => void> {
  const release = await holdScripts(page);
  await page.goto(at, { waitUntil: "commit" });
  await composer(page).waitFor();
  return release;
}

const sendButton = () => page.getByRole("button", { name: "Send" });
/** Shown, and announced to those who do not see it. */
const waiting = (page: Page) => page.locator("[aria-live=polite]").getByText("Sending in a moment…");
const hydrated = (page: Page) => page.locator("[data-testid=composer][data-ready=true]").waitFor();
const said = () =>
  page
    .locator("[data-testid=message][data-role=user]")
    .evaluateAll((all) => all.map((entry) => entry.firstElementChild?.textContent));

describe("before the scripts have arrived", () => {
  it("Enter sends: the composer says so, and the message is stored once and answered", async () => {
    const release = await openEarly(page);
    expect(await waiting(page).isVisible()).toBe(false);
    await composer(page).pressSequentially("And of the boat.");
    await composer(page).press("Enter");
    expect(await waiting(page).isVisible()).toBe(true);
    expect(await composer(page).inputValue()).toBe("And of the boat.");
    release();
    await replied(page, 2);
    expect(await waiting(page).isVisible()).toBe(false);
    expect(await composer(page).inputValue()).toBe("");
    await page.reload();
    await replied(page, 2);
    expect(await said()).toEqual(["I think of the sea.", "And of the boat."]);
  });

  it("the button sends, once there is something to send", async () => {
    const release = await openEarly(page);
    expect(await sendButton().isDisabled()).toBe(true);
    await composer(page).fill("   ");
    expect(await sendButton().isDisabled()).toBe(true);
    await composer(page).fill("And of the boat.");
    await sendButton().click();
    expect(await waiting(page).isVisible()).toBe(true);
    release();
    await replied(page, 2);
    expect(await sendButton().isDisabled()).toBe(true);
  });

  it("what is changed after it was sent is not sent, and becomes the draft", async () => {
    const release = await openEarly(page);
    await say(page, "And of the boat.");
    await composer(page).pressSequentially(" And");
    expect(await waiting(page).isVisible()).toBe(false);
    release();
    await hydrated(page);
    await page.getByRole("heading", { level: 1, name: "I think of the sea." }).waitFor();
    expect(await composer(page).inputValue()).toBe("And of the boat. And");
    await composer(page).press("Enter");
    await replied(page, 2);
    expect(await said()).toEqual(["I think of the sea.", "And of the boat. And"]);
  });

  it.each([
    ["Shift+Enter", false],
    ["Alt+Enter", false],
    ["Control+Enter", true],
    ["Meta+Enter", true],
  ])("%s does what it does afterwards", async (keys, sends) => {
    const release = await openEarly(page);
    await composer(page).fill("Before");
    await composer(page).press(keys);
    expect(await waiting(page).isVisible()).toBe(sends);
    release();
    await hydrated(page);
    if (sends) await replied(page, 2);
    await composer(page).fill("Afterwards");
    await composer(page).press(keys);
    expect((await composer(page).inputValue()) === "").toBe(sends);
  });

  it("Enter begins a line where the person has chosen so, and on a touch screen", async () => {
    await page.evaluate(() => localStorage.setItem("clarify:enter-sends", "false"));
    await openEarly(page);
    await composer(page).fill("Line");
    await composer(page).press("Enter");
    expect(await composer(page).inputValue()).toBe("Line\n");

    const touching = await anotherVisitor({ hasTouch: true, isMobile: true });
    await signUp(touching.page, "Ada");
    await openEarly(touching.page, await newConversation(touching.page));
    await composer(touching.page).fill("Line");
    await composer(touching.page).press("Enter");
    expect(await composer(touching.page).inputValue()).toBe("Line\n");
    expect(await waiting(touching.page).isVisible()).toBe(false);
    await touching.close();
  });

  it("neither a word that an input method is composing is sent, nor a message that is too long", async () => {
    await openEarly(page);
    await composer(page).fill("うみ");
    await composer(page).evaluate((field) => {
      for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...init }));
      }
    });
    expect(await waiting(page).isVisible()).toBe(false);
    await composer(page).fill("x".repeat(4_001));
    await composer(page).press("Enter");
    expect(await sendButton().isDisabled()).toBe(true);
    expect(await waiting(page).isVisible()).toBe(false);
    await composer(page).fill("🌊".repeat(4_000));
    await composer(page).press("Enter");
    expect(await waiting(page).isVisible()).toBe(true);
  });
});

it("in a conversation that was archived it becomes the draft, until that is restored", async () => {
  const row = page.getByTestId("session-row").filter({ hasText: "I think of the sea." });
  await row.hover();
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await page.getByText("This conversation is archived.").waitFor();
  const release = await openEarly(page);
  await say(page, "And of the boat.");
  release();
  await page.getByText("This conversation is archived.").waitFor();
  await page.getByRole("button", { name: "Restore" }).click();
  await composer(page).waitFor();
  expect(await composer(page).inputValue()).toBe("And of the boat.");
  expect(await said()).toEqual(["I think of the sea."]);
});

it("a conversation that is new and has no message yet is begun", async () => {
  await page.goto("/clarify");
  const begun = await newConversation(page);
  const release = await openEarly(page, begun);
  await say(page, "I think of the hills.");
  release();
  await replied(page, 1);
  await page.reload();
  await replied(page, 1);
  expect(await said()).toEqual(["I think of the hills."]);
});
