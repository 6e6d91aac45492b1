import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNoopMeter } from "@opentelemetry/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Accounts } from "@/server/auth/accounts";
import { createAuthClient } from "@/server/auth/auth-client";
import { AUTH_TIMEOUT_MS } from "@/server/auth/auth-server";
import type { Mail } from "@/server/auth/mail-folder";
import { openMailFolder, readMails } from "@/server/auth/mail-folder";
import { createAuthMetrics } from "@/server/auth/metrics";
import { createMemoryRevocations } from "@/server/auth/revocations";
import { sessionCookie } from "@/server/auth/session-cookie";
import { SignInLimit } from "@/server/auth/sign-in-limit";
import { systemClock } from "@/server/clock";
import { createLogger } from "@/server/telemetry/logger";
import { CookieJar } from "@/tests/support/cookie-jar";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestStack } from "@/tests/support/database/test-stack";
import { startStack } from "@/tests/support/database/test-stack";

// The flows on the embedded stack, with the mails that it writes from supabase/templates.

let folder: string;
let stack: TestStack;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clarify-mails-"));
  const mail = { driver: openMailFolder(folder, Date.now), siteUrl: "http://localhost:3000", confirms: true };
  stack = await startStack({ mail });
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A browser in front of the app. */
function visitor() {
  const { url: supabaseUrl, publishableKey } = stack.address;
  const jar = new CookieJar();
  const behind: Promise<void>[] = [];
  const accounts = new Accounts({
    open: ({ fetch, forgets } = {}) =>
      createAuthClient({
        supabaseUrl,
        asking: { apiKey: publishableKey, headers: {} },
        secure: false,
        fetch,
        cookies: forgets ? new CookieJar().methods : jar.methods,
      }),
    headers: new Headers({ "x-forwarded-for": "192.0.2.1" }),
    origin: "http://localhost:3000",
    limit: new SignInLimit({ now: Date.now }),
    registration: "open",
    sharedEmail: undefined,
    openDemoCopy: null,
    // Waits for answers, and not for the moment at which they are told.
    clock: { elapsed: () => 0, pause: (ms, signal) => systemClock.pause(ms === AUTH_TIMEOUT_MS ? 60_000 : 0, signal) },
    background: { run: (_name, task) => void behind.push(task()) },
    revocations: createMemoryRevocations({ now: Date.now }),
    logger: createLogger("silent"),
    metrics: createAuthMetrics(createNoopMeter()),
  });
  return {
    accounts,
    idle: () => Promise.all(behind),
    session: () => sessionCookie(false).read((name) => jar.get(name)),
  };
}

const someone = () => ({ name: "Noa", email: `${randomUUID()}@example.com`, password: "wheel-and-water" });

async function mailsTo(email: string): Promise<Mail[]> {
  return (await readMails(folder)).filter(({ to }) => to === email);
}

/** What stands in the link of the latest mail to somebody, as our page for links reads it. */
async function linkTo(email: string) {
  const [latest] = await mailsTo(email);
  const { pathname, searchParams } = new URL(latest?.path ?? "", "http://localhost:3000");
  expect(pathname).toBe("/auth/confirm");
  return { tokenHash: searchParams.get("token_hash"), type: searchParams.get("type") };
}

/** Somebody whose address is confirmed, and the browser that they did it in. */
async function confirmed() {
  const account = someone();
  const browser = visitor();
  await browser.accounts.signUp(account, "/clarify");
  expect(await browser.accounts.followLink(await linkTo(account.email))).toMatchObject({ ok: true });
  return { account, browser };
}

describe("confirming an address", () => {
  it("opens the account in any browser, and not before", async () => {
    const account = someone();
    const first = visitor();
    expect(await first.accounts.signUp(account, "/clarify")).toEqual({ ok: true, signedIn: false });
    expect(await first.session()).toBeNull();
    expect(await first.accounts.signIn(account)).toEqual({ ok: false, problem: "unconfirmed" });

    const phone = visitor();
    const link = await linkTo(account.email);
    expect(link.type).toBe("signup");
    expect(await phone.accounts.followLink(link)).toEqual({ ok: true, choosesPassword: false });
    expect(await phone.session()).not.toBeNull();
    expect(await visitor().accounts.followLink(link)).toEqual({ ok: false, problem: "linkOver" });
    expect(await first.accounts.signIn(account)).toEqual({ ok: true, signedIn: true });
  });

  it("is answered alike for an address that has an account, which stays as it is", async () => {
    const { account } = await confirmed();
    const { accounts, idle, session } = visitor();
    const again = { ...account, password: "not-the-password" };
    expect(await accounts.signUp(again, "/clarify")).toEqual({ ok: true, signedIn: false });
    await idle();
    expect(await session()).toBeNull();
    expect(await accounts.signIn(again)).toEqual({ ok: false, problem: "wrongPair" });
    expect(await accounts.signIn(account)).toEqual({ ok: true, signedIn: true });
  });
});

describe("a link to sign in", () => {
  it("signs in to an account that is there, and makes none", async () => {
    const { account } = await confirmed();
    const { accounts, idle, session } = visitor();
    const stranger = someone();
    expect(await accounts.sendLink({ email: account.email }, "/dreams")).toEqual({ ok: true, signedIn: false });
    expect(await accounts.sendLink({ email: stranger.email }, "/dreams")).toEqual({ ok: true, signedIn: false });
    await idle();
    expect(await mailsTo(stranger.email)).toEqual([]);
    expect(await createSqlClient(stack.address)("select 1 from auth.users where email = $1", [stranger.email])).toEqual(
      [],
    );
    expect(await accounts.followLink(await linkTo(account.email))).toEqual({ ok: true, choosesPassword: false });
    expect(await session()).not.toBeNull();
  });

  it("is over after an hour", async () => {
    const { account } = await confirmed();
    const { accounts, idle } = visitor();
    await accounts.sendLink({ email: account.email }, "/dreams");
    await idle();
    await createSqlClient(stack.address)(
      "update auth.users set recovery_sent_at = now() - interval '61 minutes' where email = $1",
      [account.email],
    );
    expect(await accounts.followLink(await linkTo(account.email))).toEqual({ ok: false, problem: "linkOver" });
  });
});

describe("a new password", () => {
  it("is chosen after a link by mail, and ends every other session", async () => {
    const { account, browser: elsewhere } = await confirmed();
    const { accounts, idle, session } = visitor();
    await accounts.sendReset({ email: account.email }, "/new-password");
    await idle();
    expect(await accounts.followLink(await linkTo(account.email))).toEqual({ ok: true, choosesPassword: true });
    expect(await accounts.choosePassword({ password: "clay-and-fire" }, account, "/new-password")).toEqual({
      ok: true,
      signedIn: true,
    });
    expect(await session()).not.toBeNull();
    expect(await visitor().accounts.signIn(account)).toEqual({ ok: false, problem: "wrongPair" });
    const renewed = { ...account, password: "clay-and-fire" };
    expect(await visitor().accounts.signIn(renewed)).toEqual({ ok: true, signedIn: true });
    // The session of the other browser is known to the auth server no more.
    expect(
      await elsewhere.accounts.choosePassword({ password: "kiln-and-glaze" }, account, "/new-password"),
    ).toMatchObject({ ok: false });
    expect(await visitor().accounts.signIn(renewed)).toEqual({ ok: true, signedIn: true });
  });

  it("is not taken where it is the old one", async () => {
    const { account, browser } = await confirmed();
    expect(await browser.accounts.choosePassword({ password: account.password }, account, "/new-password")).toEqual({
      ok: false,
      problem: "passwordSame",
      field: "password",
    });
  });
});
