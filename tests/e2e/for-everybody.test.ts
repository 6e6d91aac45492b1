import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { en } from "@/components/words/en";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import {
  accessibilityViolations,
  composer,
  continueAsDemo,
  newConversation,
  renderedInBrowser,
  replied,
  say,
  signInAsOwner,
  signUp,
} from "./visitor";

let visitor: Visitor;
const visitAlso = eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

const PHONE = { viewport: { width: 360, height: 740 } };
/** A window of 1280 × 1024 at 400 %. */
const MAGNIFIED = { viewport: { width: 320, height: 256 } };

/** As somebody who has set their browser to larger text. */
async function enlargeText(page: Page): Promise<void> {
  await page.addInitScript(() => {
    document.addEventListener("DOMContentLoaded", () => {
      document.documentElement.style.fontSize = "200%";
    });
  });
}

/** A page, and what is there once it is complete. */
const PAGES: [path: string, complete: (page: Page) => Locator][] = [
  ["/dreams", (page) => page.getByTestId("dream").first()],
  ["/reflections", (page) => page.getByTestId("reflection").first()],
  ["/account", (page) => page.getByTestId("pattern").first()],
  ["/panel?path=account.get", (page) => page.getByRole("form", { name: "account.get" })],
  ["/insights", (page) => page.getByRole("heading", { name: "Insights" })],
];

/** Signs in as the demo account; resolves with the path of a conversation. */
async function demoConversation(page: Page): Promise<string> {
  await signInAsOwner(page);
  return pathOfConversation(page);
}

async function pathOfConversation(page: Page): Promise<string> {
  const link = page.getByTestId("session-row").first().getByRole("link");
  await link.waitFor({ state: "attached" });
  return (await link.getAttribute("href")) ?? "";
}

describe.each<[string, BrowserContextOptions, large: boolean]>([
  ["in forced colours on light", { forcedColors: "active", colorScheme: "light" }, false],
  ["in forced colours on dark", { forcedColors: "active", colorScheme: "dark" }, false],
  ["with text of 200 % on a phone", { ...PHONE, colorScheme: "light" }, true],
  ["with text of 200 % on a dark phone", { ...PHONE, colorScheme: "dark" }, true],
])("%s", (_how, options, large) => {
  it("every page is accessible, and a person's pages fit their window", async () => {
    const { page, close } = await visitAlso({ reducedMotion: "reduce", ...options });
    if (large) await enlargeText(page);
    const look = async (name: string) => {
      const violations = await accessibilityViolations(page);
      // In forced colours axe compares the system's text colour with the page's background, which nobody sees.
      const seen = large ? violations : violations.filter((violation) => !violation.startsWith("color-contrast"));
      expect.soft(seen, name).toEqual([]);
      // The operators' pages have names of procedures and charts, which need their width.
      if (/^\/(panel|insights)/.test(name)) return;
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `${name} is wider than its window`).toBeLessThanOrEqual(0);
    };
    await page.goto("/sign-in?mode=sign-up");
    await look("sign-up");
    const conversation = await demoConversation(page);
    await look("/clarify");
    await page.goto(conversation);
    await page.getByTestId("reply-text").last().waitFor();
    await look("conversation");
    for (const [path, complete] of PAGES) {
      await page.goto(path);
      await complete(page).waitFor();
      await look(path);
    }
    await close();
  }, 480_000);
});

it("shows selections, buttons and the parts of the token bar in forced colours", async () => {
  const { page, close } = await visitAlso({ forcedColors: "active" });
  await page.goto(await demoConversation(page));
  await page.getByRole("button", { name: "Technical" }).click();
  const looks = (element: Locator) =>
    element.evaluate((seen) => {
      const { backgroundColor, color, outlineStyle } = getComputedStyle(seen);
      return { backgroundColor, color, outlineStyle };
    });
  const bar = page.getByRole("meter").first();
  const background = await looks(page.locator("body"));
  for (const part of await bar.locator(":scope > *").all()) {
    expect((await looks(part)).backgroundColor).not.toBe(background.backgroundColor);
  }
  const selected = page.getByTestId("session-row").locator("[aria-current=page]");
  const other = page.getByTestId("session-row").locator("a:not([aria-current])").first();
  expect(await looks(selected)).not.toEqual(await looks(other));
  expect((await looks(page.getByRole("button", { name: "Send" }))).outlineStyle).toBe("solid");
  await close();
});

it("shows every link of the navigation on a phone with text of 200 %", async () => {
  const { page, close } = await visitAlso(PHONE);
  await enlargeText(page);
  await signInAsOwner(page);
  await page.goto("/dreams");
  const links = page.getByRole("navigation", { name: en.navigation.pages }).getByRole("link");
  expect(await links.count()).toBe(3);
  for (const link of await links.all()) {
    const box = await link.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
  }
  await close();
});

it("leaves more than half of a window at 400 % to the messages", async () => {
  const { page, close } = await visitAlso(MAGNIFIED);
  await page.goto(await demoConversation(page));
  await renderedInBrowser(page);
  const box = await page.getByTestId("messages").boundingBox();
  expect(box?.height).toBeGreaterThan(128);
  await composer(page).fill("Still\nhere\nwith\nmany\nlines");
  expect((await page.getByTestId("messages").boundingBox())?.height).toBeGreaterThan(90);
  await close();
});

it("leaves as much in a copy of the demo whose note has been closed, for as long as the copy is there", async () => {
  const { page, close } = await visitAlso(MAGNIFIED);
  await continueAsDemo(page);
  const note = page.getByTestId("demo-note");
  await note.getByRole("button", { name: "Close" }).click();
  await note.waitFor({ state: "detached" });
  await page.goto(await pathOfConversation(page));
  await renderedInBrowser(page);
  expect((await page.getByTestId("messages").boundingBox())?.height).toBeGreaterThan(128);
  expect(await note.count()).toBe(0);
  await close();
});

it("has controls of 44 px where a finger presses them", async () => {
  const { page, close } = await visitAlso({ ...PHONE, hasTouch: true, isMobile: true });
  const conversation = await demoConversation(page);
  const tooSmall = () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("button, input, select, summary, nav a")]
        .filter((element) => element.checkVisibility() && !element.matches(".sr-only, [type=hidden]"))
        .map((element) => ({ name: element.ariaLabel ?? element.textContent, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44))
        .map(({ name, box }) => `${name}: ${box.width} × ${box.height}`),
    );
  for (const path of ["/clarify", conversation, "/dreams", "/reflections", "/account"]) {
    await page.goto(path);
    await page.getByRole("button").first().waitFor();
    expect.soft(await tooSmall(), path).toEqual([]);
  }
  await close();
});

describe("the keyboard", () => {
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? "");

  it("skips what stands before the page", async () => {
    const { page } = visitor;
    await signInAsOwner(page);
    await page.goto("/dreams");
    await page.getByTestId("dream").first().waitFor();
    await page.keyboard.press("Tab");
    await page.getByRole("link", { name: en.app.skip }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("page");
  });

  it("stops once at the messages, walks through them by arrows, and reaches the controls of each", async () => {
    const { page } = visitor;
    await page.goto(await demoConversation(page));
    await renderedInBrowser(page);
    const messages = page.getByTestId("messages");
    const stops = () =>
      messages.evaluate(
        (list) => [...list.querySelectorAll("*")].filter((each) => "tabIndex" in each && each.tabIndex === 0).length,
      );
    expect(await stops()).toBe(0);

    const isFocused = (message: Locator) => message.evaluate((element) => element === document.activeElement);
    await messages.focus();
    await page.keyboard.press("ArrowUp");
    expect(await isFocused(page.getByTestId("message").last())).toBe(true);
    await page.keyboard.press("ArrowUp");
    expect(await isFocused(page.getByTestId("message").nth(-2))).toBe(true);
    await page.keyboard.press("End");
    expect(await isFocused(page.getByTestId("message").last())).toBe(true);
    await page.keyboard.press("Tab");
    const inside = await page
      .getByTestId("message")
      .last()
      .evaluate((element) => element.contains(document.activeElement));
    expect(inside).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BUTTON");
  });

  it("goes to the composer with m, and writes an m there", async () => {
    const { page } = visitor;
    await page.goto(await demoConversation(page));
    await renderedInBrowser(page);
    await page.getByTestId("messages").focus();
    await page.keyboard.press("m");
    expect(await composer(page).evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await composer(page).inputValue()).toBe("");
    await page.keyboard.press("m");
    expect(await composer(page).inputValue()).toBe("m");
  });
});

it("gives every page a title of its own", async () => {
  const { page } = visitor;
  const titles: string[] = [];
  for (const mode of ["", "?mode=sign-up", "?mode=link", "?mode=reset"]) {
    await page.goto(`/sign-in${mode}`);
    titles.push(await page.title());
  }
  const conversation = await demoConversation(page);
  titles.push(await page.title());
  for (const path of [
    conversation,
    ...PAGES.map(([each]) => each),
    "/insights/operations",
    "/mails",
    "/new-password",
  ]) {
    await page.goto(path);
    titles.push(await page.title());
  }
  expect(titles).not.toContain("Clarify");
  expect(new Set(titles).size).toBe(titles.length);
});

describe("a text in Hebrew on an English page", () => {
  /** At which side of its element the first letters of a line stand. */
  const sideOf = (element: Locator, line: string) =>
    element.evaluate((node, words) => {
      const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
        const at = text.textContent?.indexOf(words) ?? -1;
        if (at === -1) continue;
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + words.length);
        const [box, around] = [range.getBoundingClientRect(), node.getBoundingClientRect()];
        return box.left - around.left < around.right - box.right ? "left" : "right";
      }
      return null;
    }, line);

  it("stands on its own side, paragraph by paragraph, and is spoken in its language", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await page.request.post("/api/trpc/dreams.create", {
      data: { title: "ללמוד להפליג", description: "Before the summer, with somebody who knows the sea.\nלפני הקיץ" },
    });
    await newConversation(page);
    await say(page, "I keep thinking of the sea, and of what my grandmother used to say.\nהים לא מחכה");
    await replied(page, 1);
    const message = page.locator("[data-role=user] [dir=auto]");
    expect(await sideOf(message, "I keep")).toBe("left");
    expect(await sideOf(message, "הים לא מחכה")).toBe("right");
    expect(await message.getAttribute("lang")).toBe("en");

    await page.goto("/dreams");
    const title = page.getByRole("heading", { name: "ללמוד להפליג" });
    expect(await sideOf(title, "ללמוד")).toBe("right");
    expect(await title.getAttribute("lang")).toBe("he");
    const description = page.getByTestId("dream").locator("p[dir=auto]");
    expect(await sideOf(description, "Before")).toBe("left");
    expect(await sideOf(description, "לפני")).toBe("right");
  });
});

it("says which fields of a form are required", async () => {
  const { page } = visitor;
  await signUp(page, "Noa");
  await page.goto("/reflections");
  await page.getByRole("button", { name: en.reflections.write }).click();
  const required = (label: string) => page.getByLabel(label).getAttribute("required");
  expect(await required(en.reflections.whatHappened)).toBe("");
  expect(await required(en.reflections.howWasIt)).toBeNull();
  expect(await page.getByRole("form").getByText(en.common.required, { exact: true }).count()).toBe(1);
  await page.getByRole("button", { name: en.common.keepIt }).click();
  await page.getByText(en.problems.empty.replace("{label}", en.reflections.whatHappened)).waitFor();
});
