import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { accessibilityViolations, acknowledged, signUp } from "./visitor";

let visitor: Visitor;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

async function reflecting(page: Page, ...contents: string[]): Promise<void> {
  await signUp(page, "Noa");
  for (const content of contents) {
    const response = await page.request.post("/api/trpc/reflections.create", {
      data: { tone: "calm", content },
    });
    expect(response.status()).toBe(200);
  }
  await page.goto("/reflections");
  if (contents.length > 0) await reflections(page).first().waitFor();
}

const reflections = (page: Page) => page.getByTestId("reflection");
const contentsOf = (page: Page) => reflections(page).locator("p[dir=auto]").allInnerTexts();
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });
const content = (page: Page) => page.getByLabel("What happened, and how was it for you?");
const tone = (page: Page) => page.getByLabel("How was it, in one word?");

async function reloadedContents(page: Page): Promise<string[]> {
  await page.reload();
  await reflections(page).first().waitFor();
  return contentsOf(page);
}

it("keeps a reflection about a dream, each text in its own direction", async () => {
  const { page } = visitor;
  await signUp(page, "Noa");
  await page.request.post("/api/trpc/dreams.create", { data: { title: "Throw a moon jar" } });
  await page.goto("/reflections");
  await page.getByText("Nothing written yet").waitFor();
  await button(page, "Write a reflection").click();
  await content(page).fill("צחקתי.\nSeventh jar.");
  await tone(page).fill("amused");
  await page.getByLabel("About a dream?").selectOption("Throw a moon jar");
  await acknowledged(page, "reflections.create", () => button(page, "Keep it").click());
  await reflections(page).waitFor();

  expect(await reloadedContents(page)).toEqual(["צחקתי.\nSeventh jar."]);
  expect(await reflections(page).innerText()).toMatch(/amused\s+about Throw a moon jar/);
  const direction = await page.locator("p[dir=auto]").evaluate((element) => getComputedStyle(element).direction);
  expect(direction).toBe("rtl");
});

it("leads to the dream that it is about, also if that is achieved", async () => {
  const { page } = visitor;
  await signUp(page, "Noa");
  const id = crypto.randomUUID();
  await page.request.post("/api/trpc/dreams.create", { data: { id, title: "Throw a moon jar" } });
  await page.request.post("/api/trpc/dreams.setStatus", { data: { dreamId: id, status: "achieved" } });
  const reflection = { content: "It holds water.", tone: "proud", dreamId: id };
  await page.request.post("/api/trpc/reflections.create", { data: reflection });
  await page.goto("/reflections");
  await page.getByRole("link", { name: "Throw a moon jar" }).click();
  const card = page.getByTestId("dream").filter({ hasText: "Throw a moon jar" });
  await card.waitFor();
  await expect.poll(() => card.evaluate((element) => element === document.activeElement)).toBe(true);
});

it("shows a problem at its field", async () => {
  const { page } = visitor;
  await reflecting(page);
  await button(page, "Write a reflection").click();
  await content(page).fill("x".repeat(10_001));
  await button(page, "Keep it").click();
  await page.getByText("“What happened, and how was it for you?” can have at most 10,000 characters.").waitFor();
  expect(await tone(page).getAttribute("aria-invalid")).toBe("false");
  expect(await content(page).getAttribute("aria-invalid")).toBe("true");
  expect(await accessibilityViolations(page)).toEqual([]);
  expect(await reflections(page).count()).toBe(0);
});

it("keeps a draft through a reload, and none after it is saved", async () => {
  const { page } = visitor;
  await reflecting(page);
  await button(page, "Write a reflection").click();
  await content(page).fill("Stood in the empty room again.");
  await page.reload();
  await expect.poll(() => content(page).inputValue()).toBe("Stood in the empty room again.");
  await tone(page).fill("hopeful");
  await acknowledged(page, "reflections.create", () => page.keyboard.press("Control+Enter"));
  await reflections(page).waitFor();
  expect(await reloadedContents(page)).toEqual(["Stood in the empty room again."]);
  expect(await content(page).count()).toBe(0);
});

it("changes a reflection in its place, and on the server", async () => {
  const { page } = visitor;
  await reflecting(page, "First.", "Second.");
  await reflections(page).last().getByRole("button", { name: /^Edit/ }).click();
  await content(page).fill("First, in other words.");
  await acknowledged(page, "reflections.update", () => button(page, "Save").click());
  await expect.poll(() => contentsOf(page)).toEqual(["Second.", "First, in other words."]);
  expect(await reloadedContents(page)).toEqual(["Second.", "First, in other words."]);
});

it("reverts a change, with the text still there, when the server cannot be reached", async () => {
  const { page } = visitor;
  await reflecting(page, "First.");
  await page.route("**/api/trpc/reflections.update*", (route) => route.abort());
  await reflections(page).getByRole("button", { name: /^Edit/ }).click();
  await content(page).fill("Other words.");
  await button(page, "Save").click();
  await page.getByRole("alert").filter({ hasText: "The connection was lost" }).waitFor();
  expect(await content(page).inputValue()).toBe("Other words.");
  await button(page, "Cancel").click();
  expect(await contentsOf(page)).toEqual(["First."]);
  visitor.complaints.length = 0; // The browser reports the request that the test made fail.
});

it("removes a reflection at once, which can be undone", async () => {
  const { page } = visitor;
  await page.clock.install();
  await reflecting(page, "First.", "Second.");
  const removeNewest = () =>
    reflections(page)
      .first()
      .getByRole("button", { name: /^Remove/ })
      .click();
  await removeNewest();
  await expect.poll(() => contentsOf(page)).toEqual(["First."]);
  await button(page, "Undo").click();
  await expect.poll(() => contentsOf(page)).toEqual(["Second.", "First."]);

  await acknowledged(page, "reflections.remove", removeNewest);
  expect(await reloadedContents(page)).toEqual(["First."]);
});

it("shows many reflections a page at a time", async () => {
  const { page } = visitor;
  await reflecting(page, ...Array.from({ length: 32 }, (_, index) => `Day ${index + 1}.`));
  expect(await reflections(page).count()).toBe(30);
  await button(page, "Show earlier ones").click();
  await expect.poll(() => reflections(page).count()).toBe(32);
});
