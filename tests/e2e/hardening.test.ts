import { randomUUID } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { sessionCookie } from "@/server/auth/session-cookie";
import { launchBrowser } from "../support/browser";
import { signUp, visit } from "./visitor";

const appUrl = inject("appUrl");
let browser: Browser;
let cookie: string;
beforeAll(async () => {
  browser = await launchBrowser();
  const { page, context, close } = await visit(browser, appUrl);
  await signUp(page, "Noa");
  cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  await close();
});
afterAll(() => browser.close());

const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(appUrl + path, { headers: { cookie, ...headers }, redirect: "manual" });

const nonceOf = (response: Response) =>
  /script-src [^;]*'nonce-([^']+)'/.exec(response.headers.get("content-security-policy") ?? "")?.[1];

describe.each(["/sign-in", "/clarify", "/dreams", "/reflections", "/account", "/no-such-page"])("%s", (path) => {
  it("runs only scripts with the nonce of this answer", async () => {
    const [first, second] = [await ask(path), await ask(path)];
    const nonce = nonceOf(first);
    expect(nonce).toBeDefined();
    expect(nonceOf(second)).not.toBe(nonce);
    const scripts = [...(await first.text()).matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    if (first.status < 300) expect(scripts.length).toBeGreaterThan(0);
    for (const tag of scripts) expect(tag).toContain(`nonce="${nonce}"`);
  });

  it("may not be framed, shares no window, and sends no referrer to other sites", async () => {
    const { headers } = await ask(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "strict-origin-when-cross-origin",
    });
    expect(headers.has("x-powered-by")).toBe(false);
  });
});

describe.each(["https", "https, http", "HTTPS"])("behind a proxy that was reached by %s", (proto) => {
  it("requires HTTPS from now on, and keeps the session in a cookie that only this host can set", async () => {
    const secure = { "x-forwarded-proto": proto };
    expect((await ask("/sign-in", { cookie: "", ...secure })).headers.get("strict-transport-security")).toContain(
      "max-age=",
    );
    // A session that came over HTTP is not one over HTTPS.
    expect((await ask("/clarify", secure)).status).toBe(307);
    const { name } = sessionCookie(true);
    expect(
      (await ask("/clarify", { cookie: cookie.replaceAll(sessionCookie(false).name, name), ...secure })).status,
    ).toBe(200);
  });
});

it("signs in over HTTPS with a cookie of this host alone", async () => {
  const secure = { "x-forwarded-proto": "https", cookie: "" };
  const page = await (await ask("/sign-in?mode=sign-up", secure)).text();
  // The page has other forms behind the one to sign up.
  const [signUpForm = ""] = page.split("</form>");
  const form = new FormData();
  for (const [, name = "", value = ""] of signUpForm.matchAll(
    /<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g,
  )) {
    form.append(name, value.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
  }
  form.append("name", "Noa");
  form.append("email", `${randomUUID()}@example.com`);
  form.append("password", "a-long-password");
  const response = await fetch(`${appUrl}/sign-in?mode=sign-up`, {
    method: "POST",
    body: form,
    headers: { origin: appUrl, ...secure },
    redirect: "manual",
  });
  expect(response.status).toBe(303);
  const cookies = response.headers.getSetCookie();
  expect(cookies.length).toBeGreaterThan(0);
  for (const set of cookies) {
    expect(set).toMatch(/^__Host-/);
    for (const attribute of ["Secure", "HttpOnly", "Path=/", "SameSite=lax"]) expect(set).toContain(attribute);
  }
});
