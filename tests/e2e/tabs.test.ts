import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { newConversation, signUp } from "./visitor";

let visitor: Visitor;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

const inspected = (page: Page, section: string) =>
  page.locator(`[data-testid=inspector-section][data-section=${section}]`);

async function keepDream(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: "New dream" }).click();
  await page.getByLabel("What do you want?").fill(title);
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByTestId("dream").filter({ hasText: title }).waitFor();
}

it("the inspector of a session in another tab shows every edit of a dream and of a reflection", async () => {
  const { page: session, context } = visitor;
  await signUp(session, "Noa");
  await newConversation(session);
  await inspected(session, "dreams").getByText("Nothing yet.").waitFor();

  const other = await context.newPage();
  await other.goto("/dreams");
  await keepDream(other, "Swim to the old port");
  await inspected(session, "dreams").getByText("Swim to the old port").waitFor();

  await other.getByRole("button", { name: "Edit Swim to the old port" }).click();
  await other.getByLabel("What do you want?").fill("Swim to the lighthouse");
  await other.getByRole("button", { name: "Save" }).click();
  await inspected(session, "dreams").getByText("Swim to the lighthouse").waitFor();

  await other.getByRole("button", { name: "Achieved: Swim to the lighthouse" }).click();
  await inspected(session, "dreams").getByText("Nothing yet.").waitFor();

  await other.getByRole("link", { name: "Write about it" }).click();
  await other.getByLabel("What happened, and how was it for you?").fill("The water carried me.");
  await other.getByLabel("How was it, in one word?").fill("light");
  await other.getByRole("button", { name: "Keep it" }).click();
  await inspected(session, "reflections").getByText("The water carried me.").waitFor();
});

it("the inspector of a session that is opened next in the same tab shows the edit", async () => {
  const { page } = visitor;
  await signUp(page, "Noa");
  const path = await newConversation(page);
  await inspected(page, "dreams").getByText("Nothing yet.").waitFor();
  await page.getByRole("link", { name: "Dreams", exact: true }).click();
  await page.waitForURL(/\/dreams$/);
  await keepDream(page, "Throw a moon jar");
  await page.getByRole("button", { name: "New conversation" }).first().click();
  await page.waitForURL(new RegExp(`${path}$`));
  await inspected(page, "dreams").getByText("Throw a moon jar").waitFor();
});

it("the dreams of one tab are those of the other", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  await page.goto("/dreams");
  await page.getByText("No dreams yet").waitFor();
  const other = await context.newPage();
  await other.goto("/dreams");
  await keepDream(other, "Throw a moon jar");
  await page.getByTestId("dream").filter({ hasText: "Throw a moon jar" }).waitFor();
});

it("signing out in one tab leaves nothing of the person in the others", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  const other = await context.newPage();
  await other.goto("/dreams");
  await keepDream(other, "Throw a moon jar");
  await other.goto("/reflections");
  await other.getByRole("button", { name: "Write a reflection" }).click();
  await other.getByLabel("What happened, and how was it for you?").fill("Only for me.");
  await page.getByRole("button", { name: /Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
  await other.waitForURL(/\/sign-in/);
  expect(await other.content()).not.toContain("Throw a moon jar");
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("Only for me.");
});
