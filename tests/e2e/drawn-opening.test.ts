import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { en } from "@/components/words/en";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { accessibilityViolations, composer, newConversation, replied, say, screenshot, signUp } from "./visitor";

let visitor: Visitor;
let page: Page;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
  page = visitor.page;
});

const drawn = () => page.getByTestId("drawn-opening");

/** A calendar day of this machine, some days ahead. */
function inDays(days: number): string {
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short" }).format(Date.now() + days * 24 * 60 * 60_000);
}

it("a new conversation offers what is due, which begins the message, and can be dismissed for good", async () => {
  await signUp(page, "Noa");
  for (const [title, days] of [
    ["Throw a moon jar", 2],
    ["Learn to sail", 9],
  ] as const) {
    await page.request.post("/api/trpc/dreams.create", { data: { title, targetDate: inDays(days) } });
  }
  await newConversation(page);
  await drawn()
    .getByText(/Throw a moon jar.* is due on \w+day\. How is it going\?/)
    .waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
  await screenshot(page, "drawn-opening-1440");
  await page.setViewportSize({ width: 360, height: 740 });
  await screenshot(page, "drawn-opening-360");
  await page.emulateMedia({ colorScheme: "dark" });
  await screenshot(page, "drawn-opening-360-dark");
  await page.setViewportSize({ width: 1440, height: 900 });

  await drawn().getByRole("button").first().click();
  await expect.poll(() => composer(page).inputValue()).toMatch(/^About “Throw a moon jar”, which is due on \w+day: $/);
  await page.getByRole("button", { name: en.conversation.beginnings[0]?.trim() }).click();
  await expect.poll(() => composer(page).inputValue()).toBe(en.conversation.beginnings[0]);
  await composer(page).fill("My own words.");
  await drawn().getByRole("button").first().click();
  await expect.poll(() => composer(page).inputValue()).toMatch(/^About “Throw a moon jar”.*: \n\nMy own words\.$/);
  await page.getByRole("button", { name: en.conversation.beginnings[1]?.trim() }).click();
  await expect.poll(() => composer(page).inputValue()).toBe(`${en.conversation.beginnings[1]}\n\nMy own words.`);
  await composer(page).fill("");
  await drawn().getByRole("button", { name: en.opening.dismiss }).click();
  await drawn().waitFor({ state: "detached" });
  await page.reload();
  await drawn().getByText("Learn to sail").waitFor();
});

it.each(["on", "off"])("offers nothing while a conversation %s the record speaks of despair", async (record) => {
  await signUp(page, "Noa");
  await page.request.post("/api/trpc/dreams.create", { data: { title: "Learn to sail", targetDate: inDays(2) } });
  await newConversation(page);
  await drawn().getByText("Learn to sail").waitFor();
  if (record === "off") await page.getByRole("button", { name: "Off the record", exact: true }).click();
  await say(page, "I want to kill myself.");
  await replied(page, 1);
  await newConversation(page);
  await page.reload();
  await page.waitForLoadState("networkidle");
  expect(await drawn().count()).toBe(0);
});
