import { expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { composer, newConversation, replied, say, signUp } from "./visitor";

let visitor: Visitor;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

it("two tabs of one conversation share a draft, and sending it empties both", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  const path = await newConversation(page);
  const other = await context.newPage();
  await other.goto(path);
  await other.getByTestId("opening").waitFor();
  await composer(page).fill("Half a thought");
  await expect.poll(() => composer(other).inputValue()).toBe("Half a thought");
  await composer(other).press("End");
  await composer(other).pressSequentially(", and the rest");
  await expect.poll(() => composer(page).inputValue()).toBe("Half a thought, and the rest");
  await composer(page).press("Enter");
  await replied(page, 1);
  expect(await composer(other).inputValue()).toBe("");
});

it("a conversation that is removed in one tab is gone in the other, and restored in both", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  await newConversation(page);
  await say(page, "I think of the sea.");
  await replied(page, 1);
  const other = await context.newPage();
  await other.goto("/clarify");
  await other.getByTestId("session-row").waitFor();
  const row = page.getByTestId("session-row");
  await row.getByRole("link").hover();
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await other.getByText("No conversations yet").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await row.waitFor();
  await other.getByTestId("session-row").waitFor();
});
