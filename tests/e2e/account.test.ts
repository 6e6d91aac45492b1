import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { continueAsDemo, signUp } from "./visitor";

let visitor: Visitor;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

it("the account menu leads there, and a new name is shown everywhere", async () => {
  const { page } = visitor;
  await signUp(page, "Noa");
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "You and your data" }).click();
  await page.waitForURL(/\/account$/);
  const name = page.getByLabel("What should we call you?");
  await name.fill(" ");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Please fill in “What should we call you?”.").waitFor();

  await name.fill("Noa Levin");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved.").first().waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Account Noa Levin" }).waitFor();
});

it("patterns are shown, and can be removed, which can be undone", async () => {
  const { page } = visitor;
  await continueAsDemo(page);
  await page.goto("/account");
  const patterns = page.getByTestId("pattern");
  await patterns.first().waitFor();
  const before = await patterns.allInnerTexts();
  await patterns
    .first()
    .getByRole("button", { name: /^Remove/ })
    .click();
  await expect.poll(() => patterns.allInnerTexts()).toEqual(before.slice(1));
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect.poll(() => patterns.allInnerTexts()).toEqual(before);
  await page.getByText("This copy of the demo is deleted after a day").waitFor();
});

it("a copy of everything contains what the person wrote", async () => {
  const { page } = visitor;
  await signUp(page, "Noa");
  await page.request.post("/api/trpc/dreams.create", { data: { title: "Throw a moon jar" } });
  await page.goto("/account");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save a copy of everything" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^clarify-\d{4}-\d\d-\d\d\.json$/);
  const copy = JSON.parse(await readFile(await download.path(), "utf8"));
  expect(copy.dreams).toEqual([expect.objectContaining({ title: "Throw a moon jar" })]);
});

it("removing the account needs its address, and ends the session", async () => {
  const { page } = visitor;
  await signUp(page, "Noa");
  await page.goto("/account");
  const address = page.getByLabel("Type your e-mail address to confirm");
  const email = await page.getByRole("form", { name: "Remove your account" }).locator("p[id$=note]").innerText();
  await address.fill("somebody@example.com");
  await page.getByRole("button", { name: "Remove my account" }).click();
  await page.getByText("This isn't the e-mail address of your account.").waitFor();
  visitor.complaints.length = 0; // The browser reports the answer that the test caused.

  await address.fill(email);
  await page.getByRole("button", { name: "Remove my account" }).click();
  await page.waitForURL(/\/sign-in\?notice=removed$/);
  await page.getByText("This account and everything in it has been deleted").waitFor();
  await page.goto("/account");
  await page.waitForURL(/\/sign-in\?next=%2Faccount$/);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill("a-long-password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("or the password is wrong").waitFor();
});
