import { expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { newConversation, replied, say, signUp } from "./visitor";

let visitor: Visitor;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

const DAY_MS = 24 * 60 * 60_000;

it.each([
  ["behind", -DAY_MS],
  ["ahead", DAY_MS],
])("a browser whose clock is a day %s shows each message once, in order, under one heading", async (_which, offset) => {
  const { page } = visitor;
  await page.clock.setFixedTime(Date.now() + offset);
  await signUp(page, "Noa");
  await newConversation(page);
  for (const [index, text] of ["One", "Two", "Three"].entries()) {
    await say(page, text);
    await replied(page, index + 1);
  }
  const roles = () => page.getByTestId("message").evaluateAll((all) => all.map(({ dataset }) => dataset.role));
  const said = page.locator("[data-testid=message][data-role=user]");
  expect(await roles()).toEqual(["user", "assistant", "user", "assistant", "user", "assistant"]);
  expect((await said.allInnerTexts()).map((text) => text.split("\n")[0])).toEqual(["One", "Two", "Three"]);
  expect(await page.getByTestId("messages").getByRole("heading", { level: 2 }).count()).toBe(1);
});
