import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { AppProcess } from "@/tests/support/app-process";
import { startApp } from "@/tests/support/app-process";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { accessibilityViolations, signIn, signUp } from "./visitor";

let visitor: Visitor;
const anotherVisitor = eachTestHasVisitor((arrived) => {
  visitor = arrived;
});

/** Follows the link of the newest mail to somebody, on the page that the embedded setting shows them on. */
async function followMail(page: Page, email: string): Promise<void> {
  await page.goto("/mails");
  const mail = page.locator(`[data-testid=mail][data-to="${email}"]`).first();
  await expect
    .poll(async () => {
      await page.reload();
      return mail.count();
    })
    .toBe(1);
  await mail.getByRole("link", { name: "Follow the link" }).click();
  await page.waitForURL(/\/auth\/confirm\?/);
}

async function askByMail(page: Page, mode: "reset" | "link", email: string): Promise<void> {
  await page.goto(`/sign-in?mode=${mode}`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("If there is an account with this address").waitFor();
}

/** Somebody with an account, who is signed in nowhere. */
async function signedOut(page: Page) {
  const account = await signUp(page, "Noa");
  await leave(page);
  return account;
}

/** Forgets who is signed in, on a page that asks for nothing meanwhile. */
async function leave(page: Page): Promise<void> {
  await page.goto("about:blank");
  await page.context().clearCookies();
}

it("signing in works without scripts, also after a wrong password", async () => {
  const account = await signedOut(visitor.page);
  const { page } = await anotherVisitor({ javaScriptEnabled: false });
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill("not-the-password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").first().waitFor();
  expect(await page.getByLabel("E-mail").inputValue()).toBe(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/clarify$/);
});

describe("a forgotten password", () => {
  it("is chosen anew by a link by mail, which works once", async () => {
    const { page } = visitor;
    const account = await signedOut(page);
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Forgotten your password?" }).click();
    await page.waitForURL(/mode=reset/);
    await askByMail(page, "reset", account.email);
    await followMail(page, account.email);
    const link = page.url();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(/\/new-password$/);
    expect(await accessibilityViolations(page)).toEqual([]);

    const password = page.getByLabel("New password");
    await password.fill("Password123");
    await page.getByRole("button", { name: "Save the password" }).click();
    await page.getByText("too easy to guess").waitFor();
    await password.fill("clay-and-fire");
    await page.getByRole("button", { name: "Save the password" }).click();
    await page.waitForURL(/\/clarify$/);

    // A session that begins in the second of the new password counts as begun before it.
    await page.waitForTimeout(1_000);
    await leave(page);
    await signIn(page, { ...account, password: "clay-and-fire" });
    await leave(page);
    await page.goto(link);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("This link has already been used").waitFor();
  });

  it("leads nobody anywhere who has no account, and says the same", async () => {
    const { page } = visitor;
    const email = `${crypto.randomUUID()}@example.com`;
    await askByMail(page, "reset", email);
    await page.goto("/mails");
    expect(await page.locator(`[data-testid=mail][data-to="${email}"]`).count()).toBe(0);
  });
});

describe("a link to sign in", () => {
  it("signs in without a password once its button is pressed, and not when its page is only opened", async () => {
    const { page } = visitor;
    const account = await signedOut(page);
    await askByMail(page, "link", account.email);
    await followMail(page, account.email);
    await page.reload();
    expect((await page.context().cookies()).some(({ name }) => name === "clarify-session")).toBe(false);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(/\/clarify$/);
    await page.getByRole("button", { name: /^Account/ }).waitFor();
    const said = page.getByText(`You are signed in as ${account.email}.`, { exact: true });
    await said.waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await said.waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("button", { name: /^Account/ }).waitFor();
    expect(await said.count()).toBe(0);
  });

  it("that somebody made up says so", async () => {
    const { page } = visitor;
    await page.goto("/auth/confirm?token_hash=made-up&type=magiclink");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(/\/sign-in\?notice=linkOver$/);
    await page.getByText("This link has already been used").waitFor();
    await page.goto("/auth/callback?code=made-up&next=https://evil.example");
    await page.waitForURL(/\/sign-in\?notice=linkOver$/);
  });
});

describe("the mails of this machine", () => {
  it("are for nobody who comes from elsewhere, or by another name", async () => {
    const appUrl = inject("appUrl");
    const status = async (headers: Record<string, string>) => (await fetch(`${appUrl}/mails`, { headers })).status;
    expect(await status({})).toBe(200);
    expect(await status({ "x-forwarded-for": "192.0.2.1" })).toBe(404);
    expect(await status({ "x-forwarded-host": "evil.example" })).toBe(404);
  });
});

it("says of a sign-up with the address of an account no more than of any other", async () => {
  const { page } = visitor;
  const account = await signedOut(page);
  await page.goto("/sign-in?mode=sign-up");
  await page.getByLabel("What should we call you?").fill("Tal");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill("another-long-password");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("a link is on its way to this address").waitFor();
  await followMail(page, account.email);
});

it("tells somebody whose account was removed on another device", async () => {
  const { page } = visitor;
  const account = await signUp(page, "Noa");
  const phone = await anotherVisitor();
  await signIn(phone.page, account);
  await page.request.post("/api/trpc/account.remove", { data: { email: account.email } });
  await phone.page.goto("/dreams");
  await phone.page.waitForURL(/\/sign-in\?notice=removed$/);
  await phone.page.getByText("This account and everything in it has been deleted").waitFor();
  await phone.close();
});

it("refuses the token of a session that was signed out at once", async () => {
  const { page } = visitor;
  await signUp(page, "Noa");
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const status = async () => (await fetch(`${inject("appUrl")}/api/trpc/account.get`, { headers: { cookie } })).status;
  expect(await status()).toBe(200);
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in$/);
  expect(await status()).toBe(401);
});

describe("an app that is closed to newcomers, and has another service to sign in with", () => {
  let app: AppProcess;
  beforeAll(async () => {
    app = await startApp({ REGISTRATION: "closed", OAUTH_PROVIDERS: "google" });
  });
  afterAll(() => app.stop());

  it("says so, and has no form for them", async () => {
    const { page } = visitor;
    await page.goto(`${app.url}/sign-in`);
    await page.getByText("New accounts are closed here").waitFor();
    await page.getByRole("link", { name: "Continue with Google" }).waitFor();
    expect(await page.getByRole("link", { name: "Create an account" }).count()).toBe(0);
    await page.goto(`${app.url}/sign-in?mode=sign-up`);
    await page.getByText("New accounts are closed here").waitFor();
    expect(await page.locator("input[name=password]").count()).toBe(0);
  });

  it("leads to the service, from where only this browser can come back, and to no other service", async () => {
    const ask = (path: string) => fetch(app.url + path, { redirect: "manual" });
    const response = await ask("/auth/oauth/google?next=/dreams");
    expect(response.status).toBe(303);
    const address = new URL(response.headers.get("location") ?? "");
    expect(address.pathname).toBe("/auth/v1/authorize");
    expect(address.searchParams.get("provider")).toBe("google");
    expect(address.searchParams.get("code_challenge_method")).toBe("s256");
    expect(address.searchParams.get("redirect_to")).toBe(`${app.url}/auth/callback?next=%2Fdreams`);
    expect(response.headers.getSetCookie().join()).toMatch(/code-verifier=[^;]+;.*HttpOnly/i);
    expect((await ask("/auth/oauth/github")).status).toBe(404);
    const elsewhere = await ask("/auth/oauth/google?next=https://evil.example");
    expect(elsewhere.headers.get("location")).not.toContain("evil");
  });
});
