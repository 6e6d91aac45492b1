import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { accessibilityViolations, continueAsDemo, signUp, visit } from "./visitor";

const appUrl = inject("appUrl");

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

it("an operator calls procedures by hand, as themselves, without a byte from elsewhere", async () => {
  // Where no operator is named, the embedded app's is the demo account.
  const { page, complaints, close } = await visit(browser, appUrl);
  await continueAsDemo(page);
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(appUrl)) elsewhere.push(request.url());
  });

  await page.goto("/panel?path=account.get");
  await page.getByText("The signed-in person.").waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
  const answered = page.waitForResponse((response) => response.url().includes("/api/trpc/account.get"));
  await page.getByRole("button", { name: "Execute get" }).click();
  expect(JSON.stringify(await (await answered).json())).toContain("maya@clarify.example");
  await page.getByText("maya@clarify.example").first().waitFor();

  expect(elsewhere).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

it("an operator's menu leads to the insights and to the procedures", async () => {
  const { page, close } = await visit(browser, appUrl);
  await continueAsDemo(page);
  await page.getByRole("button", { name: /Demo account/ }).click();
  await page.getByRole("menuitem", { name: "Insights" }).click();
  await page.getByRole("heading", { name: "Insights" }).waitFor();
  await page.goBack();
  await page.getByRole("button", { name: /Demo account/ }).click();
  await page.getByRole("menuitem", { name: "Procedures" }).click();
  await page.waitForURL("**/panel");
  await close();
});

it("is not there for anybody else", async () => {
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
