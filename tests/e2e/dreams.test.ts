import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { accessibilityViolations, acknowledged, continueAsDemo, forgiveFailures, signUp } from "./visitor";

let visitor: Visitor;
const anotherVisitor = eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

/** A new person on the dreams page, with dreams of these titles. */
async function dreaming(page: Page, ...titles: string[]): Promise<void> {
  await signUp(page, "Noa");
  for (const title of titles) await createDream(page, title);
  await page.goto("/dreams");
  if (titles.length > 0) await dreams(page).first().waitFor();
}

async function createDream(page: Page, title: string): Promise<void> {
  const response = await page.request.post("/api/trpc/dreams.create", { data: { title } });
  expect(response.status()).toBe(200);
}

const dreams = (page: Page) => page.getByTestId("dream");
const titlesOf = (page: Page) => dreams(page).getByRole("heading").allInnerTexts();
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? "");

async function keep(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
  await button(page, "Keep it").click();
}

/** The titles after a reload: what the server has stored. */
async function reloadedTitles(page: Page, tab = "Active"): Promise<string[]> {
  await page.reload();
  await button(page, tab).click();
  await page.getByRole("list", { name: "Dreams" }).waitFor({ state: "attached" });
  return titlesOf(page);
}

describe("keeping a dream", () => {
  it("shows it at once, in its own direction, and after a reload", async () => {
    const { page } = visitor;
    await dreaming(page);
    await page.getByText("No dreams yet").waitFor();
    await button(page, "New dream").click();
    const fields = {
      "What do you want?": "לפתוח סטודיו קטן",
      "What would it look like?": "Two rooms,\nfour wheels.",
      "Part of life": "craft",
      "By when": "2027-05-31",
    };
    await acknowledged(page, "dreams.create", () => keep(page, fields));
    await dreams(page).waitFor();
    expect(await focusedText(page)).toBe("New dream");

    expect(await reloadedTitles(page)).toEqual(["לפתוח סטודיו קטן"]);
    const [title, description] = [dreams(page).getByRole("heading"), dreams(page).getByText("Two rooms,")];
    expect(await title.evaluate((element) => getComputedStyle(element).direction)).toBe("rtl");
    expect(await description.evaluate((element) => getComputedStyle(element).direction)).toBe("ltr");
    expect(await dreams(page).innerText()).toMatch(/craft\s+by 31 May 2027/);
  });

  it("shows a problem at its field, and keeps the text", async () => {
    const { page } = visitor;
    await dreaming(page);
    await button(page, "New dream").click();
    await keep(page, { "What do you want?": "  ", "Part of life": "x".repeat(51) });
    const title = page.getByLabel("What do you want?");
    expect(await title.getAttribute("aria-invalid")).toBe("true");
    expect(await title.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByText("Please fill in “What do you want?”.").waitFor();
    await page.getByText("“Part of life” can have at most 50 characters.").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);

    const fields = { "What do you want?": "🌊".repeat(200), "Part of life": "body" };
    await acknowledged(page, "dreams.create", () => keep(page, fields));
    await dreams(page).waitFor();
    expect(await reloadedTitles(page)).toEqual(["🌊".repeat(200)]);
  });

  it("can be done with the keyboard alone", async () => {
    const { page } = visitor;
    await dreaming(page);
    await button(page, "New dream").focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("What do you want?").waitFor();
    await page.keyboard.type("Swim to the old port");
    await page.keyboard.press("Enter");
    await dreams(page).waitFor();
    await button(page, "Edit Swim to the old port").focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("What do you want?").waitFor();
    await page.keyboard.type(" and more");
    await page.keyboard.press("Escape");
    await expect.poll(() => focusedText(page)).toContain("Swim to the old port");
    expect(await titlesOf(page)).toEqual(["Swim to the old port"]);
  });

  it("keeps the text when the server cannot be reached", async () => {
    const { page } = visitor;
    await dreaming(page, "Work four days a week");
    await page.route("**/api/trpc/dreams.*", (route) => route.abort());
    await button(page, "New dream").click();
    await keep(page, { "What do you want?": "Walk the Golan" });
    await page.getByRole("form", { name: "A new dream" }).getByRole("alert").waitFor();
    expect(await page.getByLabel("What do you want?").inputValue()).toBe("Walk the Golan");
    expect(await titlesOf(page)).toEqual(["Work four days a week"]);

    await page.unroute("**/api/trpc/dreams.*");
    await button(page, "Keep it").click();
    await expect.poll(() => titlesOf(page)).toEqual(["Walk the Golan", "Work four days a week"]);
    visitor.complaints.length = 0; // The browser reports the request that was made to fail.
  });
});

describe("editing a dream", () => {
  it("changes it in its place, and on the server", async () => {
    const { page } = visitor;
    await dreaming(page, "Work four days a week", "Swim to the old port");
    await button(page, "Edit Work four days a week").click();
    await page.getByLabel("What do you want?").fill("Work three days a week");
    await acknowledged(page, "dreams.update", () => button(page, "Save").click());
    await expect.poll(() => titlesOf(page)).toEqual(["Swim to the old port", "Work three days a week"]);
    await button(page, "Edit Work three days a week").waitFor();
    expect((await reloadedTitles(page)).toSorted()).toEqual(["Swim to the old port", "Work three days a week"]);
  });

  it("is reverted, with the text still there, when the server refuses", async () => {
    const { page } = visitor;
    await dreaming(page, "Work four days a week");
    await page.route("**/api/trpc/dreams.update*", (route) => route.abort());
    await button(page, "Edit Work four days a week").click();
    await page.getByLabel("What do you want?").fill("Work two days a week");
    await button(page, "Save").click();
    await page.getByRole("alert").filter({ hasText: "The connection was lost" }).waitFor();
    expect(await page.getByLabel("What do you want?").inputValue()).toBe("Work two days a week");
    await button(page, "Cancel").click();
    expect(await titlesOf(page)).toEqual(["Work four days a week"]);
    visitor.complaints.length = 0; // The browser reports the request that was made to fail.
  });
});

describe("a dream that has ended", () => {
  it("is celebrated when it is achieved, and kept", async () => {
    const { page } = visitor;
    await dreaming(page, "Say no without apologising", "Throw a moon jar");
    await acknowledged(page, "dreams.setStatus", () => button(page, "Achieved: Say no without apologising").click());
    const moment = page.getByTestId("moment");
    await moment.getByText("You did it.").waitFor();
    expect(await moment.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await moment.waitFor({ state: "detached" });
    expect(await focusedText(page)).toContain("Throw a moon jar");
    expect(await titlesOf(page)).toEqual(["Throw a moon jar"]);

    expect(await reloadedTitles(page, "Achieved")).toEqual(["Say no without apologising"]);
    expect(await dreams(page).innerText()).toMatch(/achieved on \d+ \w+ \d{4}/);
    await acknowledged(page, "dreams.setStatus", () =>
      button(page, "Take it up again: Say no without apologising").click(),
    );
    await page.getByText("Dreams you achieve will be listed here.").waitFor();
    expect((await reloadedTitles(page)).toSorted()).toEqual(["Say no without apologising", "Throw a moon jar"]);
  });

  it("is honoured when it is released, and can be taken back", async () => {
    const { page } = visitor;
    await dreaming(page, "A year in Berlin");
    await acknowledged(page, "dreams.setStatus", () => button(page, "Release A year in Berlin").click());
    await page.getByTestId("moment").getByText("You let it go.").waitFor();
    await acknowledged(page, "dreams.setStatus", () => button(page, "Keep it").click());
    await expect.poll(() => focusedText(page)).toContain("A year in Berlin");
    expect(await reloadedTitles(page)).toEqual(["A year in Berlin"]);

    await button(page, "Release A year in Berlin").click();
    await page.getByRole("link", { name: "Write about it" }).click();
    await page.waitForURL(/\/reflections\?dream=/);
    const about = page.getByLabel("About a dream?");
    await expect
      .poll(() => about.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text))
      .toBe("A year in Berlin");
  });

  it("is taken back also when the page is left before its end has been answered", async () => {
    const { page } = visitor;
    await dreaming(page, "A year in Berlin");
    // The answer to the first change does not reach the page. A request that the driver holds is aborted too early.
    await page.evaluate(() => {
      const send = window.fetch;
      window.fetch = (...request) => {
        window.fetch = send;
        return send(...request).then(() => new Promise(() => {}));
      };
    });
    await acknowledged(page, "dreams.setStatus", () => button(page, "Release A year in Berlin").click());
    await button(page, "Keep it").click();
    await expect.poll(() => focusedText(page)).toContain("A year in Berlin");
    await expect.poll(() => reloadedTitles(page)).toEqual(["A year in Berlin"]);
  });

  it("is shown again, with the reason, when the server refuses", async () => {
    const { page } = visitor;
    await dreaming(page, "A year in Berlin");
    await page.route("**/api/trpc/dreams.setStatus*", (route) => route.abort());
    await button(page, "Achieved: A year in Berlin").click();
    await page.getByText("The connection was lost. Please try again.").first().waitFor();
    expect(await page.getByTestId("moment").count()).toBe(0);
    expect(await titlesOf(page)).toEqual(["A year in Berlin"]);
    visitor.complaints.length = 0; // The browser reports the request that was made to fail.
  });

  it("holds still for people who want less motion", async () => {
    const calm = await anotherVisitor({ reducedMotion: "reduce" });
    await dreaming(calm.page, "Throw a moon jar");
    await button(calm.page, "Achieved: Throw a moon jar").click();
    await calm.page.getByTestId("moment").waitFor();
    const longest = await calm.page.evaluate(() =>
      Math.max(...document.getAnimations().map(({ effect }) => Number(effect?.getComputedTiming().endTime ?? 0)), 0),
    );
    expect(longest).toBeLessThanOrEqual(2);
    await calm.close();
  });
});

it("keeps a dream that is being written when the page is left, and nothing of it when it is saved", async () => {
  const { page } = visitor;
  await signUp(page, "Noa");
  await page.goto("/dreams");
  await button(page, "New dream").click();
  await page.getByLabel("What do you want?").fill("A year in Berlin");
  await page.getByLabel("By when? (optional)").fill("2027-05-31");
  await page.getByRole("link", { name: "Reflections", exact: true }).click();
  await page.waitForURL(/\/reflections$/);
  await page.goto("/dreams");
  expect(await page.getByLabel("What do you want?").inputValue()).toBe("A year in Berlin");
  expect(await page.getByLabel("By when? (optional)").inputValue()).toBe("2027-05-31");
  await button(page, "Keep it").click();
  await expect.poll(() => titlesOf(page)).toEqual(["A year in Berlin"]);
  await page.reload();
  await button(page, "New dream").waitFor();
});

it("keeps a change that is being written when the page is left, until it is saved or cancelled", async () => {
  const { page } = visitor;
  await dreaming(page, "A year in Berlin");
  await button(page, "Edit A year in Berlin").click();
  await page.getByLabel("What do you want?").fill("Two years in Berlin");
  await page.reload();
  await expect.poll(() => page.getByLabel("What do you want?").inputValue()).toBe("Two years in Berlin");
  await button(page, "Cancel").click();
  await expect.poll(() => reloadedTitles(page)).toEqual(["A year in Berlin"]);

  await button(page, "Edit A year in Berlin").click();
  await page.getByLabel("What do you want?").fill("Half a year in Berlin");
  await page.reload();
  await acknowledged(page, "dreams.update", () => button(page, "Save").click());
  await expect.poll(() => reloadedTitles(page)).toEqual(["Half a year in Berlin"]);

  // What was begun from words that are no longer there is not shown over those that are.
  const dreamId = await dreams(page).getAttribute("data-dream-id");
  await button(page, "Edit Half a year in Berlin").click();
  await page.getByLabel("What do you want?").fill("A month in Berlin");
  const elsewhere = { dreamId, title: "A year in Rome", description: null, category: null, targetDate: null };
  expect((await page.request.post("/api/trpc/dreams.update", { data: elsewhere })).status()).toBe(200);
  await expect.poll(() => reloadedTitles(page)).toEqual(["A year in Rome"]);
});

it("shows nothing of a dream that is being written to the next person at the same browser", async () => {
  const { page, context } = visitor;
  await dreaming(page);
  await button(page, "New dream").click();
  await page.getByLabel("What do you want?").fill("For nobody else");
  await context.clearCookies();
  await dreaming(page);
  await page.getByText("No dreams yet").waitFor();
  await button(page, "New dream").click();
  expect(await page.getByLabel("What do you want?").inputValue()).toBe("");
  visitor.complaints.length = 0; // The browser reports the requests of the session that has ended.
});

describe("removing a dream", () => {
  it("can be undone as long as the offer is shown, and afterwards from the account page", async () => {
    const { page } = visitor;
    await page.clock.install();
    await dreaming(page, "A year in Berlin", "Throw a moon jar");
    await button(page, "Remove Throw a moon jar").click();
    await expect.poll(() => titlesOf(page)).toEqual(["A year in Berlin"]);
    await button(page, "Undo").hover();
    await page.clock.fastForward(60_000);
    await button(page, "Undo").click();
    await expect.poll(() => titlesOf(page)).toEqual(["Throw a moon jar", "A year in Berlin"]);

    await acknowledged(page, "dreams.remove", () => button(page, "Remove Throw a moon jar").click());
    expect(await reloadedTitles(page)).toEqual(["A year in Berlin"]);
    await page.goto("/account#bin");
    await button(page, "Restore Throw a moon jar").click();
    await page.getByText("Nothing was removed in the last 30 days.").waitFor();
    await page.goto("/dreams");
    await expect.poll(() => titlesOf(page)).toEqual(["Throw a moon jar", "A year in Berlin"]);
  });
});

it("shows the conversation in which a dream was created", async () => {
  const { page } = visitor;
  await continueAsDemo(page);
  await page.getByRole("link", { name: "Dreams" }).click();
  await page.waitForURL(/\/dreams$/);
  const dream = dreams(page).filter({ hasText: "Sit with Dad every Tuesday" });
  await dream.getByRole("link", { name: "from a conversation" }).click();
  await page.waitForURL(/\/clarify\/[0-9a-f-]{36}$/);
  await page.getByTestId("message").first().waitFor();
});

it("shows many dreams a page at a time", async () => {
  const { page } = visitor;
  await dreaming(page, ...Array.from({ length: 33 }, (_, index) => `Dream ${index + 1}`));
  expect(await dreams(page).count()).toBe(30);
  await button(page, "Show earlier ones").click();
  await expect.poll(() => dreams(page).count()).toBe(33);
  expect(await button(page, "Show earlier ones").count()).toBe(0);
});

it("shows that the dreams cannot be loaded, and offers to try again", async () => {
  const { page } = visitor;
  await dreaming(page, "A year in Berlin");
  await page.getByRole("link", { name: "Reflections" }).click();
  await page.waitForURL(/\/reflections$/);
  // Without an answer to its probes, the page does not try again by itself.
  await page.route("**/api/health", (route) => route.abort());
  await page.route("**/api/trpc/**", (route) => route.abort());
  await page.getByRole("link", { name: "Dreams", exact: true }).click();
  await page.waitForURL(/\/dreams$/);
  await button(page, "Released").click();
  await page.getByText("The connection was lost. Please try again.").waitFor();
  await page.unroute("**/api/trpc/**");
  await button(page, "Try again").click();
  await page.getByText("Dreams you let go of will be listed here.").waitFor();
  await forgiveFailures(visitor);
});

it("redirects a visitor without a session to the sign-in page, and back afterwards", async () => {
  const { page } = visitor;
  await page.goto("/dreams");
  await page.waitForURL(/\/sign-in\?next=%2Fdreams$/);
  await page.getByRole("button", { name: "Continue as demo" }).click();
  await page.waitForURL(/\/dreams$/);
  await dreams(page).first().waitFor();
});
