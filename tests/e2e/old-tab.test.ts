import type { BrowserContext, Page } from "playwright-core";
import { expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { composer, newConversation, replied, say, signUp } from "./visitor";

let visitor: Visitor;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

/** A deploy: from now on another build answers all requests to the API. */
async function deploy(context: BrowserContext): Promise<void> {
  await context.route("**/api/**", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "x-clarify-build": "the-next-one" } });
  });
}

/** Makes the page believe that it is hidden. */
const lookAway = (page: Page) =>
  page.evaluate(() => {
    Object.defineProperty(document, "hidden", { get: () => true });
    document.dispatchEvent(new Event("visibilitychange"));
  });

const PATIENTLY = { timeout: 20_000 };

/** Returns a function that says whether the page was reloaded since. */
async function marked(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => document.body.setAttribute("data-marked", ""));
  return async () => (await page.locator("body[data-marked]").count()) === 0;
}

it("a tab that is older than the server offers the new version, sends its unsent messages, and loads it while it is hidden", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  await newConversation(page);
  const loadedAnew = await marked(page);
  await deploy(context);
  await say(page, "Said to the new build.");
  await replied(page, 1);
  await page.getByText("There is a newer version of Clarify.").first().waitFor();
  await composer(page).fill("Half a thought");
  expect(await loadedAnew()).toBe(false);

  await lookAway(page);
  await expect.poll(loadedAnew, PATIENTLY).toBe(true);
  await replied(page, 1);
  expect(await page.getByTestId("message").count()).toBe(2);
  await expect.poll(() => composer(page).inputValue()).toBe("Half a thought");

  // It is still the same build; another reload would be a loop.
  const again = await marked(page);
  await say(page, "And once more.");
  await replied(page, 2);
  await page.getByText("There is a newer version of Clarify.").first().waitFor();
  await lookAway(page);
  expect(await again()).toBe(false);
});

it("is not reloaded while a form contains text", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  await page.goto("/dreams");
  await page.getByRole("button", { name: "New dream" }).click();
  await page.getByLabel("What do you want?").fill("A house by the sea");
  const loadedAnew = await marked(page);
  await deploy(context);
  await page.getByRole("button", { name: "Achieved", exact: true }).click();
  await page.getByText("There is a newer version of Clarify.").first().waitFor();
  await lookAway(page);
  expect(await loadedAnew()).toBe(false);
  expect(await page.getByLabel("What do you want?").inputValue()).toBe("A house by the sea");
});

it("a menu whose code is gone with the old build reloads the page, once", async () => {
  const { page, context, complaints } = visitor;
  await signUp(page, "Noa");
  await page.getByRole("button", { name: /^Account/ }).waitFor();
  const loadedAnew = await marked(page);
  await deploy(context);
  let gone = true;
  page.on("request", (request) => {
    if (request.isNavigationRequest()) gone = false;
  });
  await context.route("**/_next/static/chunks/**", (route) =>
    gone ? route.fulfill({ status: 404, body: "" }) : route.continue(),
  );
  await page.getByRole("button", { name: /^Account/ }).click();
  await expect.poll(loadedAnew, PATIENTLY).toBe(true);
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  // Browsers report by themselves what they did not find.
  const expected = /404|Failed to load|MIME type/;
  complaints.splice(0, complaints.length, ...complaints.filter((each) => !expected.test(each)));
});

it("signs out although the server knows none of its Server Actions", async () => {
  const { page, context } = visitor;
  await signUp(page, "Noa");
  await context.route(
    (url) => !url.pathname.startsWith("/api/"),
    (route) =>
      route.request().headers()["next-action"] === undefined ? route.continue() : route.fulfill({ status: 404 }),
  );
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in$/);
});
