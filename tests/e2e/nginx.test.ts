import { createServerClient } from "@supabase/ssr";
import { SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sessionCookie } from "@/server/auth/session-cookie";
import { AUTH_UNREACHABLE } from "@/server/auth/unreachable";
import type { AppProcess } from "@/tests/support/app-process";
import { startApp } from "@/tests/support/app-process";
import { launchBrowser } from "@/tests/support/browser";
import type { FaultProxy } from "@/tests/support/database/fault-proxy";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import type { TestStack } from "@/tests/support/database/test-stack";
import { startStack } from "@/tests/support/database/test-stack";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import type { Nginx } from "@/tests/support/nginx";
import { hasNginx, startNginx } from "@/tests/support/nginx";
import { newConversation, replied, say, signUp, visit } from "./visitor";

// The app in production behind a real nginx with ops/nginx/clarify.conf, and an auth server that can be stopped.
// Without an installed nginx the same has to hold for the app alone.

const APP_NAME = "http://clarify.example";
const RENEW = /^POST \/auth\/v1\/token\?grant_type=refresh_token/;

let stack: TestStack;
let supabase: FaultProxy;
let app: AppProcess;
let nginx: Nginx;
let model: ModelServer;

beforeAll(async () => {
  stack = await startStack();
  supabase = await startFaultProxy(stack.address.url);
  model = await startModelServer();
  app = await startApp({
    SUPABASE_URL: supabase.url,
    SUPABASE_PUBLISHABLE_KEY: stack.address.publishableKey,
    SUPABASE_JWT_SECRET: stack.address.jwtSecret,
    TRUSTED_ORIGINS: APP_NAME,
    ANTHROPIC_API_KEY: "a-model-key",
    ANTHROPIC_BASE_URL: model.url,
    PROMPT_PREWARM: "off",
  });
  nginx = hasNginx() ? await startNginx(app.place.port) : { url: app.url, stop: async () => undefined };
});
afterAll(async () => {
  await nginx?.stop();
  await app?.stop();
  await model?.close();
  await supabase?.close();
  await stack?.stop();
});
afterEach(() => supabase.heal());

/** A session as the auth server issues it, with an access token that expires in this many seconds. */
async function sessionOf(secondsLeft: number) {
  const email = `${crypto.randomUUID()}@example.com`;
  const response = await fetch(`${stack.address.url}/auth/v1/signup`, {
    method: "POST",
    headers: { apikey: stack.address.publishableKey, "content-type": "application/json" },
    body: JSON.stringify({ email, password: "a-long-password" }),
  });
  const session = await response.json();
  const expiresAt = Math.floor(Date.now() / 1_000) + secondsLeft;
  const accessToken = await new SignJWT({ role: "authenticated", email })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(session.user.id)
    .setAudience("authenticated")
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(stack.address.jwtSecret));
  return { ...session, access_token: accessToken, expires_at: expiresAt };
}

/** As over HTTP, which these proxies use. */
const COOKIE = sessionCookie(false);

function cookieOf(session: object): string {
  return COOKIE.changes([], session)
    .map(({ name, value }) => `${name}=${value}`)
    .join("; ");
}

const ask = (path: string, cookie: string, init: RequestInit = {}) =>
  fetch(`${nginx.url}${path}`, { redirect: "manual", ...init, headers: { cookie, ...init.headers } });

const PROCEDURE = "/api/trpc/account.get";

describe("behind nginx", () => {
  it("signs up and talks in a browser", async () => {
    const browser = await launchBrowser();
    const visitor = await visit(browser, nginx.url);
    const { page } = visitor;
    await signUp(page, "Noa");
    await newConversation(page);
    await say(page, "I keep thinking about the sea, and about a boat of my own.");
    await replied(page, 1);
    await visitor.close();
    await browser.close();
    expect(visitor.complaints).toEqual([]);
  });

  it("passes on each word of a reply while the next is still missing", async () => {
    const cookie = cookieOf(await sessionOf(3_600));
    const headers = { "content-type": "application/json", "trpc-accept": "application/jsonl" };
    const post = (procedure: string, input: object) =>
      ask(`/api/trpc/${procedure}?batch=1`, cookie, { method: "POST", headers, body: JSON.stringify({ 0: input }) });
    const [, sessionId] = /"id":"([0-9a-f-]{36})"/.exec(await (await post("sessions.create", {})).text()) ?? [];
    model.answers.push({ kind: "hang", words: ["I ", "hear "] });
    const response = await post("messages.send", { sessionId, id: crypto.randomUUID(), content: "hello" });
    const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = "";
    while (!heard.includes("hear ")) {
      const chunk = await chunks?.read();
      if (!chunk?.value) throw new Error(`The stream ended: ${heard}`);
      heard += chunk.value;
    }
    await chunks?.cancel();
  });

  it.each([
    ["of the name that the browser knows", () => nginx.url, {}, 303],
    ["of a trusted origin, whatever the proxy calls the app", () => APP_NAME, {}, 303],
    ["of a foreign origin", () => "http://evil.example", {}, 500],
    [
      "of a foreign origin that claims to be forwarded",
      () => "http://evil.example",
      { "x-forwarded-host": "evil.example" },
      500,
    ],
  ])("answers a form %s", async (_name, origin, headers, status) => {
    const page = await (await ask("/sign-in?mode=sign-up", "")).text();
    const form = new FormData();
    for (const [, name = "", value = ""] of page.matchAll(
      /<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g,
    )) {
      form.append(name, value.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
    }
    form.append("name", "Noa");
    form.append("email", `${crypto.randomUUID()}@example.com`);
    form.append("password", "a-long-password");
    const response = await ask("/sign-in?mode=sign-up", "", {
      method: "POST",
      body: form,
      headers: { origin: origin(), ...headers },
    });
    expect(response.status).toBe(status);
    expect(response.headers.getSetCookie().some((cookie) => cookie.startsWith(COOKIE.name))).toBe(status === 303);
  });

  it("cuts an upload at 256 kB", async () => {
    const response = await ask("/api/trpc/messages.send", "", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: "x".repeat(256 * 1024) }),
    });
    expect(response.status).toBe(413);
  });
});

describe("caching by proxies", () => {
  it.each(["/icon.svg", "/favicon.ico"])("sets no cookie with %s, which runs no session code", async (path) => {
    const response = await ask(path, cookieOf(await sessionOf(-10)));
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(supabase.count(RENEW)).toBe(0);
  });

  it.each(["/clarify", "/sign-in", "/", "/no-such-page", PROCEDURE, "/api/trpc/no.such", "/api/metrics", "/panel"])(
    "is nothing of %s",
    async (path) => {
      const [good, over] = [cookieOf(await sessionOf(3_600)), cookieOf(await sessionOf(-10))];
      for (const cookie of [good, over]) {
        const response = await ask(path, cookie);
        const directives = response.headers.get("cache-control")?.split(/,\s*/) ?? [];
        expect(directives, `${path}: ${directives}`).toEqual(expect.arrayContaining(["private", "no-store"]));
        expect(response.headers.getSetCookie().length).toBe(cookie === over ? 1 : 0);
      }
      supabase.forget();
    },
  );
});

describe("a session that ends", () => {
  it("is renewed once for many requests at the same time, all of which use it", async () => {
    const cookie = cookieOf(await sessionOf(-10));
    supabase.forget();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(PROCEDURE, cookie)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(supabase.count(RENEW)).toBe(1);
    const [renewed = ""] = answers[0]?.headers.getSetCookie() ?? [];
    const [pair = ""] = renewed.split(";");
    const client = createServerClient(stack.address.url, stack.address.publishableKey, {
      cookieOptions: { name: COOKIE.name },
      cookies: {
        getAll: () => [{ name: COOKIE.name, value: pair.slice(COOKIE.name.length + 1) }],
        setAll: () => undefined,
      },
    });
    expect((await client.auth.getUser()).error).toBeNull();
  });

  it("needs no auth server while its token is valid", async () => {
    const cookie = cookieOf(await sessionOf(40));
    supabase.inject({ kind: "hang" }, /\/auth\/v1\//);
    const answers = await Promise.all([ask(PROCEDURE, cookie), ask("/clarify", cookie)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.flatMap(({ headers }) => headers.getSetCookie())).toEqual([]);
  });

  it.each([
    ["answers 503", { kind: "error", status: 503 }],
    ["hangs", { kind: "hang" }],
    ["is a gateway's page", { kind: "html", status: 502 }],
  ] as const)("is not shown as signed out while the auth server %s", async (_name, fault) => {
    const cookie = cookieOf(await sessionOf(-10));
    supabase.inject(fault, /\/auth\/v1\//);
    const [procedure, page, signIn] = await Promise.all([
      ask(PROCEDURE, cookie),
      ask("/clarify", cookie),
      ask("/sign-in", cookie),
    ]);
    expect(procedure.status).toBe(503);
    expect(await procedure.text()).toContain(AUTH_UNREACHABLE);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain(AUTH_UNREACHABLE);
    expect(signIn.status).toBe(200);
    for (const { headers } of [procedure, page, signIn]) expect(headers.getSetCookie()).toEqual([]);
  });

  it("ends when the auth server refuses it", async () => {
    const cookie = cookieOf({ ...(await sessionOf(-10)), refresh_token: "no-such-token" });
    const procedure = await ask(PROCEDURE, cookie);
    expect(procedure.status).toBe(401);
    expect(procedure.headers.getSetCookie().join()).toMatch(/Max-Age=0/i);
    const page = await ask("/clarify", cookie);
    expect(page.status).toBe(307);
    expect(page.headers.get("location")).toContain("/sign-in");
  });
});
