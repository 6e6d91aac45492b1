import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { z } from "zod";
import { en } from "@/components/words/en";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { accessibilityViolations, composer, continueAsDemo, screenshot, signUp } from "./visitor";

let visitor: Visitor;
let page: Page;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
  page = visitor.page;
});

const pattern = z.object({ content: z.string(), lastSeenAt: z.string() });
const latest = z.object({
  result: z.object({ data: z.object({ json: z.object({ items: z.tuple([pattern]) }) }) }),
});
const lookBack = () => page.getByTestId("look-back");

it("a look back shows once a month what shifted and went quiet, leads to a talk, and stays away when put away", async () => {
  await signUp(page, "Noa");
  // A visit of the month after next: the dream was begun before that month, and nothing has changed since.
  const begun = new Date();
  for (const title of ["Throw a moon jar", "לשוט לבד בים"]) {
    await page.request.post("/api/trpc/dreams.create", { data: { title } });
  }
  await page.clock.setFixedTime(new Date(begun.getFullYear(), begun.getMonth() + 2, 2));
  await page.goto("/reflections");
  await lookBack().getByRole("heading", { name: en.lookBack.quiet }).waitFor();
  await lookBack().getByText("Throw a moon jar").waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
  await screenshot(page, "look-back-1440");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.emulateMedia({ colorScheme: "dark" });
  await screenshot(page, "look-back-360-dark");
  await page.setViewportSize({ width: 1440, height: 900 });

  await lookBack().getByRole("button", { name: "Talk about Throw a moon jar" }).click();
  await expect.poll(() => composer(page).inputValue()).toContain("my dream “Throw a moon jar”");
  await page.goto("/reflections");
  await lookBack().getByRole("button", { name: en.lookBack.putAway }).click();
  await lookBack().waitFor({ state: "detached" });
  await page.reload();
  await page.getByText(en.reflections.none).waitFor();
  await page.waitForLoadState("networkidle");
  expect(await lookBack().count()).toBe(0);
});

it("a look back shows which patterns came back, and since when they are known", async () => {
  await continueAsDemo(page);
  const listed = await page.request.get(`/api/trpc/patterns.list?input=${encodeURIComponent('{"limit":1}')}`);
  const [{ content, lastSeenAt }] = latest.parse(await listed.json()).result.data.json.items;
  const seen = new Date(lastSeenAt);
  await page.clock.setFixedTime(new Date(seen.getFullYear(), seen.getMonth() + 1, 2));
  await page.goto("/reflections");
  await lookBack().getByRole("heading", { name: en.lookBack.cameBack }).waitFor();
  const shown = lookBack().getByRole("listitem").filter({ hasText: content });
  expect(await shown.innerText()).toMatch(/first noticed on \d+ \w+ \d{4}/);
  expect(await accessibilityViolations(page)).toEqual([]);
});

it("a look back in the month after a dream begun tells of it", async () => {
  await signUp(page, "Noa");
  const now = new Date();
  await page.request.post("/api/trpc/dreams.create", { data: { title: "Throw a moon jar" } });
  await page.goto("/reflections");
  await page.getByText(en.reflections.none).waitFor();
  await page.waitForLoadState("networkidle");
  expect(await lookBack().count()).toBe(0);
  await page.clock.setFixedTime(new Date(now.getFullYear(), now.getMonth() + 1, 2));
  await page.goto("/reflections");
  await lookBack()
    .getByText(/^a new dream, /)
    .waitFor();
});
