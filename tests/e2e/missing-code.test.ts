import type { BrowserContext } from "playwright-core";
import { expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { newConversation, replied, say, signUp } from "./visitor";

let visitor: Visitor;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

/** The browser reports each script that did not arrive, and nothing else may be wrong. */
function onlyMissesScripts({ complaints }: Visitor): void {
  expect(complaints.filter((complaint) => !complaint.includes("net::ERR_CONNECTION_RESET"))).toEqual([]);
  complaints.length = 0;
}

/** A script that can be told by its words does not arrive from now on; a page that is open may have it already. Resolves with a function that ends that. */
async function withoutScript(context: BrowserContext, words: string): Promise<() => Promise<void>> {
  const scripts = "**/_next/static/**/*.js";
  await context.route(scripts, async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    if (body.includes(words)) await route.abort("connectionreset");
    else await route.fulfill({ response, body });
  });
  return () => context.unroute(scripts);
}

it("a column whose code does not arrive says so in its place, and is there after another try", async () => {
  const { page, context } = visitor;
  const restore = await withoutScript(context, "inspector-section");
  await signUp(page, "Noa");
  await newConversation(page);
  const inspector = page.getByRole("complementary", { name: "What Clarify knows about you" });
  await inspector.getByRole("alert").getByText("This didn't load.").waitFor();
  await say(page, "I can still write.");
  await replied(page, 1);

  await restore();
  await inspector.getByRole("button", { name: "Try again" }).click();
  await inspector.getByRole("heading", { name: "Who you are" }).waitFor();
  expect(await inspector.getByRole("alert").count()).toBe(0);
  onlyMissesScripts(visitor);
});

it("what has happened is said, and can be undone, where the code of the toasts does not arrive", async () => {
  const { page, context } = visitor;
  await withoutScript(context, 'swipeDirection:"up"');
  await signUp(page, "Noa");
  await newConversation(page);
  await say(page, "The sea");
  await replied(page, 1);
  const row = page.getByTestId("session-row").filter({ hasText: "The sea" });
  await row.hover();
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  const said = page.getByRole("alert").filter({ hasText: "Undo" });
  await said.getByRole("button", { name: "Undo" }).click();
  await row.waitFor();
  await expect.poll(() => said.count()).toBe(0);
  onlyMissesScripts(visitor);
});

it("messages whose code does not arrive can be read, and are there after another try", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  await newConversation(page);
  await say(page, "The sea");
  await replied(page, 1);
  const restore = await withoutScript(context, "prose-mirror-block");
  await page.reload();
  const alert = page.getByRole("alert").filter({ hasText: "This didn't load." });
  await alert.waitFor();
  expect(await page.getByTestId("message").allInnerTexts()).toEqual([
    expect.stringContaining("The sea"),
    expect.any(String),
  ]);

  expect(await page.getByRole("link", { name: "Where to find help" }).getAttribute("href")).toBe("/about#help");

  await restore();
  await page.getByRole("main").getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Copy reply" }).waitFor({ state: "attached" });
  expect(await page.getByTestId("message").count()).toBe(2);
  await say(page, "And the harbour?");
  await replied(page, 2);
  onlyMissesScripts(visitor);
});
