import type { Page } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { composer, holdScripts, newConversation, replied, replies, say, signUp } from "./visitor";

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
const sentEarly = (page: Page) => page.locator("[data-sent-early] p");
const said = () => page.locator("[data-testid=message][data-role=user]").allInnerTexts();
const hydrated = (page: Page) => page.locator("[data-testid=composer][data-ready=true]").waitFor();

describe("before the scripts have arrived", () => {
  it("Enter sends: the message is shown at once, stored once and answered", async () => {
    const release = await openEarly(page);
    await composer(page).pressSequentially("And of the boat.");
    await composer(page).press("Enter");
    expect(await sentEarly(page).innerText()).toBe("And of the boat.");
    expect(await composer(page).inputValue()).toBe("");
    expect(await sendButton().isDisabled()).toBe(true);
    release();
    await replied(page, 2);
    expect(await sentEarly(page).count()).toBe(0);
    expect(await composer(page).inputValue()).toBe("");
    await page.reload();
    await replied(page, 2);
    expect((await said()).map((text) => text.split("\n")[0])).toEqual(["I think of the sea.", "And of the boat."]);
  });

  it("the button sends, once there is something to send; several messages are sent in their order", async () => {
    const release = await openEarly(page);
    expect(await sendButton().isDisabled()).toBe(true);
    await composer(page).fill("   ");
    expect(await sendButton().isDisabled()).toBe(true);
    for (const words of ["One.", "Two.", "Three."]) {
      await composer(page).fill(words);
      await sendButton().click();
    }
    await composer(page).fill("Not yet");
    expect(await sentEarly(page).allInnerTexts()).toEqual(["One.", "Two.", "Three."]);
    release();
    await replied(page, 4);
    expect((await said()).map((text) => text.split("\n")[0])).toEqual([
      "I think of the sea.",
      "One.",
      "Two.",
      "Three.",
    ]);
    expect(await composer(page).inputValue()).toBe("Not yet");
  });

  it.each([
    ["Shift+Enter", false],
    ["Alt+Enter", false],
    ["Control+Enter", true],
    ["Meta+Enter", true],
  ])("%s does what it does afterwards", async (keys, sends) => {
    const press = async (words: string) => {
      await composer(page).fill(words);
      await composer(page).press(keys);
      return (await composer(page).inputValue()) === "";
    };
    const release = await openEarly(page);
    expect(await press("Before")).toBe(sends);
    expect(await sentEarly(page).count()).toBe(sends ? 1 : 0);
    release();
    await hydrated(page);
    if (sends) await replied(page, 2);
    expect(await press("Afterwards")).toBe(sends);
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
    expect(await sentEarly(touching.page).count()).toBe(0);
    await touching.close();
  });

  it("a word that an input method is composing is not sent", async () => {
    await openEarly(page);
    await composer(page).fill("うみ");
    await composer(page).evaluate((field) => {
      for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...init }));
      }
    });
    expect(await composer(page).inputValue()).toBe("うみ");
    expect(await sentEarly(page).count()).toBe(0);
  });
});

describe("nothing is lost", () => {
  it("when the page is left before its scripts arrive: the message is sent on the next visit", async () => {
    await openEarly(page);
    await say(page, "And of the boat.");
    await sentEarly(page).waitFor();
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.goto("/dreams");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await expect
      .poll(async () => {
        await page.goto(path);
        await hydrated(page);
        return replies(page).count();
      })
      .toBe(2);
  });

  it("when the message is too long, or the storage is full: it remains in the field, and becomes the draft", async () => {
    const release = await openEarly(page);
    await composer(page).fill("x".repeat(4_001));
    await composer(page).press("Enter");
    expect(await composer(page).inputValue()).toBe("x".repeat(4_001));
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("Full", "QuotaExceededError");
      };
    });
    await composer(page).fill("And of the boat.");
    await composer(page).press("Enter");
    expect(await composer(page).inputValue()).toBe("And of the boat.");
    expect(await sentEarly(page).count()).toBe(0);
    release();
    await hydrated(page);
    expect(await composer(page).inputValue()).toBe("And of the boat.");
    await composer(page).press("Enter");
    await replied(page, 2);
  });

  it("when a draft of an earlier visit is there: it is shown again, and the message is sent", async () => {
    await composer(page).fill("An earlier draft");
    const release = await openEarly(page);
    await say(page, "And of the boat.");
    release();
    await replied(page, 2);
    expect(await composer(page).inputValue()).toBe("An earlier draft");
  });

  it("when the conversation is new and has no message yet", async () => {
    await page.goto("/clarify");
    const begun = await newConversation(page);
    const release = await openEarly(page, begun);
    await say(page, "I think of the hills.");
    release();
    await replied(page, 1);
    await page.reload();
    await replied(page, 1);
    expect(await said()).toHaveLength(1);
  });
});
