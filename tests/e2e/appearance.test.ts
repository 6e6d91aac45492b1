import { describe, expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { accessibilityViolations, continueAsDemo, newConversation, screenshot, signUp } from "./visitor";

let visitor: Visitor;
const visitAlso = eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

const HEBREW = { locale: "he-IL", reducedMotion: "reduce" } as const;
const WIDTHS = [360, 1440];

describe("the theme", () => {
  it("is the system's until the person chooses, then theirs from the first paint", async () => {
    const { page } = visitor;
    await page.emulateMedia({ colorScheme: "dark" });
    await signUp(page, "Noa");
    await page.goto("/account");
    const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(await paper()).toBe("rgb(23, 22, 19)");
    await page.getByRole("group", { name: "Theme" }).getByRole("button", { name: "Light" }).click();
    await expect.poll(paper).toBe("rgb(246, 242, 233)");

    const html = await (await page.request.get("/account")).text();
    expect(html).toContain('data-theme="light"');
    await page.reload();
    const frame = page.locator("meta[name=theme-color][media*=dark]");
    expect(await frame.getAttribute("content")).toBe("#f6f2e9");
    expect(await paper()).toBe("rgb(246, 242, 233)");
    await page.getByRole("group", { name: "Theme" }).getByRole("button", { name: "Same as my device" }).click();
    await expect.poll(paper).toBe("rgb(23, 22, 19)");
  });
});

describe("Hebrew", () => {
  describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
    it.each(WIDTHS)(
      "is what a Hebrew browser reads, from right to left, at %i px",
      async (width) => {
        const viewport = { width, height: width < 700 ? 740 : 900 };
        const hebrew = await visitAlso({ ...HEBREW, viewport, colorScheme });
        const { page } = hebrew;
        const look = async (name: string) => {
          expect.soft(await accessibilityViolations(page), name).toEqual([]);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect.soft(overflow, `${name} is wider than its window`).toBeLessThanOrEqual(0);
          await screenshot(page, `hebrew-${name}-${width}-${colorScheme}`);
        };
        await page.goto("/sign-in");
        expect(await page.locator("html").getAttribute("lang")).toBe("he");
        expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
        await look("sign-in");
        await page.getByRole("button", { name: "להמשיך לחשבון ההדגמה" }).click();
        await page.waitForURL(/\/clarify$/);
        const row = page.getByTestId("session-row").first();
        await row.waitFor({ state: width < 900 ? "attached" : "visible" });
        await look("clarify");
        await page.goto((await row.getByRole("link").getAttribute("href")) ?? "");
        await page.getByTestId("reply-text").last().waitFor();
        await look("conversation");
        await page.goto("/dreams");
        await page.getByTestId("dream").first().waitFor();
        await look("dreams");
        await page.goto("/account");
        await page.getByTestId("pattern").first().waitFor();
        await look("account");
        expect.soft(hebrew.complaints).toEqual([]);
        await hebrew.close();
      },
      180_000,
    );
  });

  it("works for a conversation, and changes with the language that the person chooses", async () => {
    const hebrew = await visitAlso(HEBREW);
    const { page } = hebrew;
    await page.goto("/sign-in?mode=sign-up");
    await page.getByLabel("איך לקרוא לך?").fill("נועה");
    await page.getByLabel("דוא״ל").fill(`noa-${crypto.randomUUID()}@example.com`);
    await page.getByLabel("סיסמה").fill("קצר");
    await page.getByRole("button", { name: "פתיחת חשבון" }).click();
    await page.getByText("בסיסמה צריכים להיות לפחות 8 תווים.").waitFor();
    await page.getByLabel("סיסמה").fill("a-long-password");
    await page.getByRole("button", { name: "פתיחת חשבון" }).click();
    await page.waitForURL(/\/clarify\/[0-9a-f-]{36}$/);

    const field = page.getByRole("textbox", { name: "הודעה", exact: true });
    await field.fill("אני חושבת על הים.");
    await field.press("Enter");
    await page.locator("[data-testid=message][data-role=assistant][data-state=complete]").waitFor();
    await page.getByRole("heading", { name: "היום" }).waitFor();
    await page.getByTestId("message-count").getByText("שתי הודעות").waitFor();

    await page.getByTestId("message").first().hover();
    await page.getByRole("button", { name: "לשמור את זה" }).first().click();
    await page.getByRole("menuitem", { name: "לשמור כחלום" }).click();
    const partOfLife = page.getByLabel("תחום בחיים");
    const direction = () => partOfLife.evaluate((field) => getComputedStyle(field).direction);
    expect(await direction()).toBe("rtl");
    await partOfLife.fill("Work");
    expect(await direction()).toBe("ltr");

    await page.goto("/account");
    await page.getByRole("group", { name: "שפה" }).getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "You and your data" }).waitFor();
    await expect.poll(() => page.locator("html").getAttribute("dir")).toBe("ltr");
    await page.goto("/clarify");
    expect(await newConversation(page)).toMatch(/^\/clarify\//);
    expect(hebrew.complaints).toEqual([]);
    await hebrew.close();
  });
});

it("shows the demo account in the language of the browser, not in that of an earlier visitor", async () => {
  const hebrew = await visitAlso(HEBREW);
  await continueAsDemo(visitor.page);
  await hebrew.page.goto("/sign-in");
  await hebrew.page.getByRole("heading", { name: "טוב שחזרת" }).waitFor();
  await visitor.page.getByRole("navigation", { name: "Menu" }).first().waitFor();
  await hebrew.close();
});
