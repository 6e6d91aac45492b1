import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { continueAsDemo, newConversation, replied, say } from "./visitor";

let visitor: Visitor;
const anotherVisitor = eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

const rows = (page: Page) => page.getByTestId("session-row");
const dreams = (page: Page) => page.getByTestId("dream").getByRole("heading").allInnerTexts();

it("gives each visitor of the demo a life of their own, in which nobody else reads or removes anything", async () => {
  const { page } = visitor;
  const other = await anotherVisitor();
  await continueAsDemo(page);
  await continueAsDemo(other.page);

  await newConversation(page);
  await say(page, "The harbour belongs to me.");
  await replied(page, 1);
  await page.goto("/dreams");
  await page.getByRole("button", { name: "Remove Sit with Dad every Tuesday, without fixing anything" }).click();
  await expect.poll(() => dreams(page)).not.toContain("Sit with Dad every Tuesday, without fixing anything");

  await other.page.reload();
  await rows(other.page).filter({ hasText: "Asking Dana for Wednesdays" }).waitFor();
  expect(await rows(other.page).filter({ hasText: "The harbour belongs to me." }).count()).toBe(0);
  await other.page.goto("/dreams");
  await expect.poll(() => dreams(other.page)).toContain("Sit with Dad every Tuesday, without fixing anything");
  await other.close();
});
