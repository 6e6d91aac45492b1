import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { accessibilityViolations, signInAsOwner, signUp, visit } from "./visitor";

const appUrl = inject("appUrl");

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

it("an operator calls procedures by hand, as themselves, without loading anything from other origins", async () => {
  // If no operator is named, the embedded app's operator is the demo account.
  const { page, complaints, close } = await visit(browser, appUrl);
  await signInAsOwner(page);
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(appUrl)) elsewhere.push(request.url());
  });

  await page.goto("/panel?path=account.get");
  await page.getByText("The signed-in person.").waitFor();
  const call = page.getByRole("form", { name: "account.get" });
  await call.getByRole("button").click();
  await call.getByText('"email": "maya@clarify.example"').waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);

  expect(elsewhere).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

it("shows a streamed answer part by part, and the error of a refused call, on a phone and by keyboard", async () => {
  const { page, complaints, close } = await visit(browser, appUrl, { viewport: { width: 360, height: 740 } });
  await signInAsOwner(page);

  await page.goto("/panel");
  await page.getByRole("searchbox").fill("account.export");
  await page.getByText("1 of", { exact: false }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText(/^Answered in \d+ ms\.$/).waitFor();
  expect((await page.locator("pre").innerText()).split("\n").length).toBeGreaterThan(1);

  await page.getByRole("searchbox").fill("sessions.list");
  await page.getByText("sessions.list", { exact: true }).click();
  const call = page.getByRole("form", { name: "sessions.list" });
  await call.getByRole("textbox").fill("{");
  await call.getByRole("button").click();
  await call.getByText("This is not JSON.").waitFor();
  await call.getByRole("textbox").fill('{ "status": "gone" }');
  await call.getByRole("button").click();
  await call.getByText(/^BAD_REQUEST: status: /).waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);

  await page.route("**/api/trpc/sessions.list**", () => undefined);
  await call.getByRole("textbox").fill('{ "status": "active" }');
  await call.getByRole("button", { name: "Call sessions.list" }).click();
  await call.getByText("Waiting for the answer.").waitFor();
  await call.getByRole("button", { name: "Stop" }).click();
  await call.getByText(/^Stopped after \d+ ms\.$/).waitFor();

  // The browser itself reports an answer of 400.
  expect(complaints.filter((text) => !text.includes("400 (Bad Request)"))).toEqual([]);
  await close();
});

it("an operator's menu leads to the insights and to the procedures", async () => {
  const { page, close } = await visit(browser, appUrl);
  await signInAsOwner(page);
  await page.getByRole("button", { name: /Demo account/ }).click();
  await page.getByRole("menuitem", { name: "Insights" }).click();
  await page.getByRole("heading", { name: "Insights" }).waitFor();
  await page.goBack();
  await page.getByRole("button", { name: /Demo account/ }).click();
  await page.getByRole("menuitem", { name: "Procedures" }).click();
  await page.waitForURL("**/panel");
  await close();
});

it("does not exist for other people", async () => {
  const { page, close } = await visit(browser, appUrl);
  expect((await page.request.get("/panel")).status()).toBe(404);
  const { email } = await signUp(page, "Noa");
  await page.getByRole("button", { name: email }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  expect(await page.getByRole("menuitem", { name: "Procedures" }).count()).toBe(0);
  const response = await page.request.get("/panel");
  expect(response.status()).toBe(404);
  expect(await response.text()).not.toContain("clarifyContext");
  await close();
});
