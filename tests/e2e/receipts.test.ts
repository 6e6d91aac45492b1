import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { accessibilityViolations, acknowledged, newConversation, replied, say, signUp } from "./visitor";

// Under a reply stands what it drew on, with links to it. In the inspector stands what was found for the message.

let visitor: Visitor;
const anotherVisitor = eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

async function create(page: Page, procedure: string, data: Record<string, unknown>): Promise<void> {
  expect((await page.request.post(`/api/trpc/${procedure}`, { data })).status()).toBe(200);
}

const receipts = (page: Page) => page.getByTestId("receipts");
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

const LAMP = "At nine I told everybody that I would live in a lighthouse and polish its lamp.";

/** A person whose oldest reflection is no longer among those that every message knows. */
async function withOldReflection(page: Page, newer: number): Promise<string> {
  const id = crypto.randomUUID();
  await create(page, "reflections.create", { id, content: LAMP });
  for (let day = 1; day <= newer; day += 1) await create(page, "reflections.create", { content: `Zero ${day}.` });
  return id;
}

describe("a reply that draws on something", () => {
  it("says so with a link, also after a reload and under a new title, until the thing is removed", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await create(page, "dreams.create", { title: "Sit with Dad every Tuesday" });
    const path = await newConversation(page);
    await say(page, "It was a long day.");
    await replied(page, 1);
    await receipts(page).waitFor();
    expect(await receipts(page).innerText()).toBe("Drew on Sit with Dad every Tuesday");
    expect(await accessibilityViolations(page)).toEqual([]);

    await page.reload();
    await receipts(page).getByRole("link", { name: "Sit with Dad every Tuesday" }).click();
    await page.waitForURL(/\/dreams#/);
    await expect.poll(() => page.locator(":focus").innerText()).toContain("Sit with Dad every Tuesday");

    await button(page, "Edit Sit with Dad every Tuesday").click();
    await page.locator("form").getByLabel("What do you want?").fill("Sit with Dad on Mondays");
    await acknowledged(page, "dreams.update", () => button(page, "Save").click());
    await page.goto(path);
    await receipts(page).getByRole("link", { name: "Sit with Dad on Mondays" }).waitFor();

    await page.goto("/dreams");
    await acknowledged(page, "dreams.remove", () => button(page, "Remove Sit with Dad on Mondays").click());
    await page.goto(path);
    await replied(page, 1);
    await page.waitForLoadState("networkidle");
    expect(await receipts(page).count()).toBe(0);
  });

  it("says nothing while it draws on nothing", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "It was a long day.");
    await replied(page, 1);
    await page.reload();
    await replied(page, 1);
    await page.waitForLoadState("networkidle");
    expect(await receipts(page).count()).toBe(0);
  });

  it("leads to a reflection, however far back in the list it is", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    const id = await withOldReflection(page, 31);
    await page.goto(`/reflections#${id}`);
    await expect.poll(() => page.locator(":focus").innerText()).toContain(LAMP);
  });

  it("is Hebrew in the Hebrew interface", async () => {
    const { page, close, complaints } = await anotherVisitor({ locale: "he-IL" });
    await page.goto("/");
    await page.getByRole("button", { name: "להמשיך לחשבון ההדגמה" }).click();
    await page.waitForURL(/\/clarify$/);
    await page.goto("/clarify");
    await page.getByRole("button", { name: "שיחה חדשה" }).first().click();
    await page.getByTestId("opening").waitFor();
    const field = page.getByRole("textbox", { name: "הודעה", exact: true });
    await field.fill("היה לי יום ארוך.");
    await field.press("Enter");
    await replied(page, 1);
    await receipts(page).waitFor();
    expect(await receipts(page).innerText()).toMatch(/^התשובה נשענת על /);
    expect(complaints).toEqual([]);
    await close();
  });
});

describe("an older reflection that has to do with a message", () => {
  it("is shown in the inspector for this message, with the words that they share", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await withOldReflection(page, 3);
    await newConversation(page);
    await say(page, "The lighthouse advert again.");
    await replied(page, 1);
    await page.getByTestId("last-build").waitFor({ state: "attached" });
    const found = page.getByTestId("found-item");
    expect(await found.count()).toBe(1);
    expect(await found.innerText()).toContain(LAMP);
    expect(await found.getByTestId("shared-words").innerText()).toBe("shared word: lighthouse");
    expect(await page.getByTestId("found-items").getByRole("heading").innerText()).toContain(
      "The lighthouse advert again.",
    );
    expect(await accessibilityViolations(page)).toEqual([]);

    await say(page, "And the tea is cold.");
    await replied(page, 2);
    await expect.poll(() => found.count()).toBe(0);
  });
});
