import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { en } from "@/components/words/en";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { screenshot, signUp } from "./visitor";

let visitor: Visitor;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

it("a reminder is a file for one's own calendar, with nothing of the person in it", async () => {
  const { page } = visitor;
  const { email } = await signUp(page, "Noa");
  await page.goto("/account");
  const form = page.getByRole("form", { name: en.reminder.heading });
  await form.getByLabel(en.reminder.day).selectOption("Friday");
  await form.getByLabel(en.reminder.time).fill("07:30");
  await form.scrollIntoViewIfNeeded();
  await screenshot(page, "reminder-1440");
  const downloading = page.waitForEvent("download");
  await form.getByRole("button", { name: en.reminder.save }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("clarify.ics");
  const file = await readFile(await download.path(), "utf8");
  expect(file).toMatch(/\r\nDTSTART:\d{8}T073000\r\n/);
  expect(file).toContain("\r\nRRULE:FREQ=WEEKLY;BYDAY=FR\r\n");
  for (const own of ["Noa", email]) expect(file).not.toContain(own);
  await page.setViewportSize({ width: 360, height: 740 });
  await form.scrollIntoViewIfNeeded();
  await screenshot(page, "reminder-360");
});
