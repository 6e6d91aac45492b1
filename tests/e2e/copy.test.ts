import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { en } from "@/components/words/en";
import { he } from "@/components/words/he";
import { LANGUAGE_COOKIE } from "@/components/words/language";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { accessibilityViolations, newConversation, replied, replies, say, screenshot, signUp } from "./visitor";

let visitor: Visitor;
let page: Page;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
  page = visitor.page;
});

async function saved(name: string): Promise<{ file: string; text: string }> {
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name }).click();
  const download = await downloading;
  return { file: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

it("a copy to read is a page of its own, in the language of the interface, in which nothing runs", async () => {
  await signUp(page, "Noa");
  await page.request.post("/api/trpc/account.update", { data: { name: "Noa <b>" } });
  const hostile = "<img src=x onerror=document.title='run'>";
  await page.request.post("/api/trpc/dreams.create", { data: { title: `Sail ${hostile}`, description: "צחקתי." } });
  await page.request.post("/api/trpc/reflections.create", { data: { content: "First.\n\nSecond.", tone: "calm" } });
  await newConversation(page);
  await say(page, `I think of the sea. ${hostile}`);
  await replied(page, 1);
  const reply = await replies(page).getByTestId("reply-text").innerText();

  await page.goto("/account");
  const { file, text } = await saved(en.account.savePage);
  expect(file).toMatch(/^clarify-\d{4}-\d\d-\d\d\.html$/);
  const copy = await visitor.context.newPage();
  await copy.setContent(text);
  await copy.getByRole("heading", { name: "Clarify: a copy for Noa <b>" }).waitFor();
  const main = await copy.getByRole("main").innerText();
  const order = [`Sail ${hostile}`, "Second.", `I think of the sea. ${hostile}`, reply.slice(0, 40)];
  expect(order.map((words) => main.indexOf(words)).sort((one, other) => one - other)).toEqual(
    order.map((words) => main.indexOf(words)),
  );
  expect(main.indexOf(order[0] ?? "")).toBeGreaterThan(0);
  expect(await copy.title()).not.toBe("run");
  const hebrew = copy.getByText("צחקתי.");
  expect(await hebrew.evaluate((element) => getComputedStyle(element).direction)).toBe("rtl");
  expect(await accessibilityViolations(copy)).toEqual([]);
  await copy.setViewportSize({ width: 360, height: 740 });
  expect(await copy.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await screenshot(copy, "copy-to-read-360");

  await page.context().addCookies([{ name: LANGUAGE_COOKIE, value: "he", url: page.url() }]);
  await page.reload();
  const markdown = await saved(he.account.saveText);
  expect(markdown.file).toMatch(/\.md$/);
  expect(markdown.text).toContain(`## ${he.copy.sections.dreams}\n`);
  expect(markdown.text).toContain("First.\n\nSecond.");
});
