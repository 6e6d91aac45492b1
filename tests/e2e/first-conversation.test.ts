import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { composer, continueAsDemo, newConversation, replied, replies, say, sectionSources, signUp } from "./visitor";

let visitor: Visitor;
const anotherVisitor = eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

describe("the first conversation", () => {
  it("signs in, opens a session, shows all five sections, and streams a reply that is there after a reload", async () => {
    const { page } = visitor;
    await continueAsDemo(page);
    const session = page.getByTestId("session-row").first().getByRole("link");
    await session.hover();
    await session.click();
    await page.waitForURL(/\/clarify\/.+/);
    await page.getByTestId("inspector-section").nth(4).waitFor();
    expect(Object.keys(await sectionSources(page))).toEqual([
      "Who you are",
      "Dreams",
      "Patterns",
      "Other conversations",
      "Reflections",
    ]);

    const before = await replies(page).count();
    await say(page, "I keep thinking about the sea.");
    const streaming = page.locator("[data-testid=message][data-state=streaming]");
    await streaming.waitFor();
    const early = (await streaming.innerText()).length;
    await replied(page, before + 1);
    const reply = await replies(page).last().getByTestId("reply-text").innerText();
    expect(reply.length).toBeGreaterThan(early);
    expect(reply).toContain("I keep thinking about the sea");
    expect(await replies(page).last().getByTestId("offline-mark").innerText()).toBe("Built-in voice");

    await page.reload();
    await replied(page, before + 1);
    expect(await replies(page).last().getByTestId("reply-text").innerText()).toBe(reply);
  });

  it("reports 5 of 5 sections from the cache on the first message of a session, and on those that follow", async () => {
    const { page } = visitor;
    await continueAsDemo(page);
    await page.getByTestId("session-row").nth(2).getByRole("link").click();
    await page.waitForURL(/\/clarify\/.+/);
    await page.getByTestId("inspector-section").nth(4).waitFor();
    const before = await replies(page).count();
    for (let turn = 1; turn <= 3; turn += 1) {
      await say(page, `Message ${turn}`);
      await replied(page, before + turn);
      await page.getByTestId("last-build").waitFor({ state: "attached" });
      expect(await page.getByTestId("last-build").getAttribute("data-from-memory")).toBe("5");
    }
    expect(await page.getByTestId("last-build").isVisible()).toBe(false);
    await page.getByRole("button", { name: "Technical" }).click();
    await page.getByTestId("last-build").waitFor();
  });

  it("is titled after its first message", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "Would I still write if nobody read it?");
    await replied(page, 1);
    const row = page.getByTestId("session-row").first();
    await expect.poll(() => row.getByRole("link").innerText()).toContain("Would I still write if nobody read it?");
  });

  it("is titled anew after its second exchange, by what it is about", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "Hello!");
    await replied(page, 1);
    const row = page.getByTestId("session-row").first().getByRole("link");
    await expect.poll(() => row.innerText()).toContain("Hello!");
    await say(page, "I might ask for six months off.");
    await expect.poll(() => row.innerText()).toContain("I might ask for six months off");
    await page.reload();
    await row.getByText("I might ask for six months off").waitFor();
  });
});

describe("leaving in the middle of a reply", () => {
  it("does not end it, and the whole reply is there on return", async () => {
    const { page, context } = visitor;
    await signUp(page, "Noa");
    const path = await newConversation(page);
    await say(page, "I think of the sea, and of the boat that my father never finished, and of all the years since.");
    await page.locator("[data-testid=message][data-state=streaming]").waitFor();
    await page.close();

    const back = await context.newPage();
    await back.goto(path);
    await replied(back, 1);
    expect(await replies(back).getByTestId("reply-text").innerText()).toContain("all the years since");
  });

  it.each<[string, (page: Page) => Promise<void>]>([
    ["the stop button was pressed", (page) => page.getByRole("button", { name: "Stop the reply" }).click()],
    ["Escape was pressed in the composer", (page) => composer(page).press("Escape")],
    ["Escape was pressed elsewhere", (page) => page.keyboard.press("Escape")],
  ])("keeps the text so far, marked as stopped and not as an error, after %s", async (_how, stop) => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "I think of the sea, and of the boat that my father never finished.");
    await page.locator("[data-testid=message][data-state=streaming]").waitFor();
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await stop(page);
    await page.locator("[data-testid=message][data-state=interrupted]").waitFor();
    const mark = page.getByTestId("ending-mark");
    expect(await mark.innerText()).toBe("You stopped this reply");
    expect(await mark.getAttribute("class")).not.toContain("ember");
    expect(await page.getByRole("main").getByRole("alert").count()).toBe(0);
  });
});

describe("invalid input and access", () => {
  it("redirects a visitor without a session to the sign-in page, and back afterwards", async () => {
    const { page } = visitor;
    await page.goto("/clarify/00000000-0000-4000-8000-000000000000");
    await page.waitForURL(/\/sign-in\?next=/);
    await page.getByRole("button", { name: "Continue as demo" }).click();
    await page.waitForURL(/\/clarify\/00000000/);
    await page.getByTestId("session-not-found").waitFor();
    visitor.complaints.length = 0; // The browser reports the 404 that was asked for.
  });

  it("does not reveal whether the password or the address was wrong", async () => {
    const { page } = visitor;
    await page.goto("/sign-in");
    await page.getByLabel("E-mail").fill("nobody@example.com");
    await page.getByLabel("Password").fill("not-the-password");
    await page.getByRole("button", { name: "Sign in" }).click();
    expect(await page.locator("form").getByRole("alert").first().innerText()).toContain("or the password is wrong");
  });

  it("shows the problem of a new account", async () => {
    const { page } = visitor;
    await page.goto("/sign-in?mode=sign-up");
    await page.getByLabel("What should we call you?").fill("Noa");
    await page.getByLabel("E-mail").fill("not-an-address");
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByText("Please enter a complete e-mail address").waitFor();
    expect(await page.getByLabel("E-mail").getAttribute("aria-invalid")).toBe("true");
  });

  it("sends neither an empty message nor one of 5,000 characters", async () => {
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    const send = page.getByRole("button", { name: "Send" });
    for (const text of ["", "   ", "x".repeat(5_000)]) {
      await composer(page).fill(text);
      expect(await send.isDisabled()).toBe(true);
      await composer(page).press("Enter");
    }
    expect(await page.getByTestId("message").count()).toBe(0);
  });

  it("does not show another person's conversation", async () => {
    await signUp(visitor.page, "Noa");
    const path = await newConversation(visitor.page);
    await say(visitor.page, "Nobody else's business.");
    await replied(visitor.page, 1);
    const stranger = await anotherVisitor();
    await signUp(stranger.page, "Dan");
    await stranger.page.goto(path);
    await stranger.page.getByTestId("session-not-found").waitFor();
    await stranger.close();
  });
});

describe("signing out", () => {
  it("leaves nothing of the person for the next one at the same browser", async () => {
    const { page } = visitor;
    await continueAsDemo(page);
    await page.getByTestId("session-row").first().waitFor();
    await page.getByRole("button", { name: /Maya/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/\/sign-in/);
    await signUp(page, "Noa");
    expect(await page.getByTestId("session-row").count()).toBe(0);
    expect(await page.content()).not.toContain("Maya");
  });
});
