import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AccountsOptions } from "@/server/auth/accounts";
import { Accounts } from "@/server/auth/accounts";
import { createAuthClient } from "@/server/auth/auth-client";
import { newCopyAccount } from "@/server/auth/demo-copy";
import { createAuthMetrics } from "@/server/auth/metrics";
import { createMemoryRevocations } from "@/server/auth/revocations";
import { sessionCookie } from "@/server/auth/session-cookie";
import { SignInLimit } from "@/server/auth/sign-in-limit";
import { createLogger } from "@/server/telemetry/logger";
import { total } from "@/server/telemetry/snapshot";
import { createTelemetry } from "@/server/telemetry/telemetry";
import type { AuthServiceOptions } from "@/tests/support/auth-service";
import { AuthService } from "@/tests/support/auth-service";
import { CookieJar } from "@/tests/support/cookie-jar";

afterEach(() => {
  vi.unstubAllGlobals();
});

const KNOWN = { email: "noa@example.com", password: "wheel-and-water" };
const STRANGER = { email: "tal@example.com", password: "wheel-and-water" };

/** A browser in front of the app, and a hosted project behind it. Time passes only where one of them takes some. */
function world(
  service: Partial<AuthServiceOptions> = {},
  options: Partial<Pick<AccountsOptions, "registration" | "sharedEmail" | "openDemoCopy">> = {},
) {
  const clock = { at: 0, now: () => clock.at };
  const takes = (ms: number) => {
    clock.at += ms;
  };
  const auth = new AuthService({ confirms: true, takes, ...service });
  auth.addAccount(KNOWN.email, KNOWN.password);
  vi.stubGlobal("fetch", auth.fetch);
  const behind: (() => Promise<void>)[] = [];
  const jar = new CookieJar();
  const limit = new SignInLimit(clock);
  const revocations = createMemoryRevocations(clock);
  const lines: string[] = [];
  const telemetry = createTelemetry({ metricReaders: [], spanProcessors: [] });
  const accounts = new Accounts({
    open: ({ fetch, forgets } = {}) =>
      createAuthClient({
        supabaseUrl: "http://project.example",
        asking: { apiKey: "sb_publishable_key", headers: {} },
        secure: false,
        fetch,
        cookies: forgets ? new CookieJar().methods : jar.methods,
      }),
    headers: new Headers({ "x-forwarded-for": "192.0.2.1" }),
    origin: "https://clarify.example",
    limit,
    registration: "open",
    sharedEmail: undefined,
    openDemoCopy: null,
    clock: {
      elapsed: () => clock.at,
      // The answers of the auth server come first, unless they are held back.
      pause: async (ms, signal) => {
        await setImmediate(undefined, { signal });
        clock.at += ms;
      },
    },
    background: { run: (_name, task) => void behind.push(task) },
    revocations,
    metrics: createAuthMetrics(telemetry.meter),
    logger: createLogger("warn", { destination: { write: (line) => void lines.push(line) } }),
    ...options,
  });
  return {
    auth,
    jar,
    accounts,
    limit,
    revocations,
    /** What the app logged. */
    logged: () => lines.map((line) => JSON.parse(line)),
    /** How many mails were not sent for this reason. */
    unsent: async (reason: string) => total(await telemetry.snapshot(), "clarify.mail_failures", { reason }),
    /** What somebody sees of an answer: what it says, after how long, and how many cookies come with it. */
    async seen<T>(ask: () => Promise<T>) {
      const [begun, cookies] = [clock.at, jar.changes];
      const answer = await ask();
      return { answer, afterMs: clock.at - begun, cookies: jar.changes - cookies };
    },
    /** Does what was left for the background. */
    async idle() {
      while (behind.length > 0) await behind.shift()?.();
    },
    signedIn: async () => (await sessionCookie(false).read((name) => jar.get(name))) !== null,
  };
}

describe("what a stranger learns", () => {
  it("of a sign-in: the same words at the same moment, whether there is such an account or not", async () => {
    const { accounts, seen } = world();
    const wrong = await seen(() => accounts.signIn({ ...KNOWN, password: "not-the-password" }));
    expect(wrong.answer).toEqual({ ok: false, problem: "wrongPair" });
    expect(await seen(() => accounts.signIn(STRANGER))).toEqual(wrong);
  });

  it("of a sign-up: the same, and the owner of the address is sent a link in either case", async () => {
    const { accounts, seen, idle, auth } = world();
    const fresh = await seen(() => accounts.signUp({ name: "Tal", ...STRANGER }, "/clarify"));
    expect(fresh.answer).toEqual({ ok: true, signedIn: false });
    expect(await seen(() => accounts.signUp({ name: "Noa", ...KNOWN }, "/clarify"))).toEqual(fresh);
    await idle();
    expect(auth.mails.map(({ to, kind }) => [to, kind])).toEqual([
      [STRANGER.email, "signup"],
      [KNOWN.email, "magiclink"],
    ]);
  });

  it("of a second sign-up in a row: the same, though a project sends one person only so many mails", async () => {
    const { accounts, seen } = world();
    const first = await seen(() => accounts.signUp({ name: "Tal", ...STRANGER }, "/clarify"));
    expect(await seen(() => accounts.signUp({ name: "Tal", ...STRANGER }, "/clarify"))).toEqual(first);
  });

  describe.each([
    ["fast", null],
    ["slow", null],
    ["hanging", { reason: "timeout" }],
    ["refusing", { reason: "refused", status: 500, code: "unexpected_failure" }],
    ["limited", { reason: "rate_limited", status: 429, code: "over_email_send_rate_limit" }],
    ["hanging up", { reason: "lost", code: "UND_ERR_SOCKET" }],
  ] as const)("of a sign-up while the mail server is %s", (mailServer, failure) => {
    it("the same words after the same time, and the operator is told", async () => {
      const { accounts, seen, idle, auth, logged, unsent } = world();
      auth.mailServer = mailServer;
      const fresh = await seen(() => accounts.signUp({ name: "Tal", ...STRANGER }, "/clarify"));
      expect(fresh).toMatchObject({ answer: { ok: true, signedIn: false }, afterMs: 3_250 });
      expect(await seen(() => accounts.signUp({ name: "Noa", ...KNOWN }, "/clarify"))).toEqual(fresh);
      auth.slow.resolve();
      await idle();
      const expected = failure === null ? [] : [{ operation: "sign up", msg: "a mail was not sent", ...failure }];
      expect(logged()).toMatchObject(expected);
      expect(logged()).toHaveLength(expected.length);
      expect(JSON.stringify(logged())).not.toContain("example.com");
      if (failure !== null) expect(await unsent(failure.reason)).toBe(1);
      expect(auth.mails.some(({ to }) => to === STRANGER.email)).toBe(failure === null);
      expect(auth.mails.some(({ to }) => to === KNOWN.email)).toBe(true);
    });
  });

  it("of a sign-up while the auth server is away: that it is, at once, and no mail is counted", async () => {
    const { accounts, seen, auth } = world();
    auth.mailServer = "auth away";
    const away = await seen(() => accounts.signUp({ name: "Tal", ...STRANGER }, "/clarify"));
    expect(away).toMatchObject({ answer: { ok: false, problem: "unreachable" }, afterMs: 0 });
    for (let n = 0; n < 5; n++) {
      expect(await seen(() => accounts.signUp({ name: "Noa", ...KNOWN }, "/clarify"))).toEqual(away);
    }
  });

  it("of a late sign-up where the project confirms no addresses: a link, because the session came too late", async () => {
    const { accounts, idle, auth, signedIn } = world({ confirms: false });
    auth.slowSignUps = true;
    expect(await accounts.signUp({ name: "Tal", ...STRANGER }, "/clarify")).toEqual({ ok: true, signedIn: false });
    auth.slow.resolve();
    await idle();
    expect(await signedIn()).toBe(false);
    expect(auth.mails).toMatchObject([{ to: STRANGER.email, kind: "magiclink" }]);
  });

  it.each(["sendReset", "sendLink"] as const)("of %s: the same, at once", async (ask) => {
    const { accounts, seen, idle, auth } = world();
    const known = await seen(() => accounts[ask]({ email: KNOWN.email }, "/dreams"));
    expect(known).toMatchObject({ answer: { ok: true, signedIn: false }, afterMs: 0 });
    expect(await seen(() => accounts[ask]({ email: STRANGER.email }, "/dreams"))).toEqual(known);
    await idle();
    expect(auth.mails.map(({ to }) => to)).toEqual([KNOWN.email]);
  });

  it("where the project confirms no addresses: no words of an account that is there already", async () => {
    const { accounts, idle, auth, signedIn } = world({ confirms: false });
    expect(await accounts.signUp({ name: "Noa", ...KNOWN }, "/clarify")).toEqual({ ok: true, signedIn: false });
    await idle();
    expect(auth.mails).toMatchObject([{ to: KNOWN.email, kind: "magiclink" }]);
    expect(await signedIn()).toBe(false);
    expect(await accounts.signUp({ name: "Tal", ...STRANGER }, "/clarify")).toEqual({ ok: true, signedIn: true });
  });
});

describe("a link by mail", () => {
  it("signs in once, and leads on to a new password where it was asked for that", async () => {
    const { accounts, idle, auth, signedIn } = world();
    await accounts.sendReset({ email: ` ${KNOWN.email} ` }, "/new-password");
    await idle();
    const [{ tokenHash, redirectTo } = { tokenHash: "", redirectTo: null }] = auth.mails;
    expect(redirectTo).toBe("https://clarify.example/auth/callback?next=%2Fnew-password");
    expect(await signedIn()).toBe(false);
    expect(await accounts.followLink({ tokenHash, type: "recovery" })).toEqual({ ok: true, choosesPassword: true });
    expect(await signedIn()).toBe(true);
    expect(await accounts.followLink({ tokenHash, type: "recovery" })).toEqual({ ok: false, problem: "linkOver" });
  });

  it.each([
    { tokenHash: "", type: "recovery" },
    { tokenHash: "a".repeat(501), type: "recovery" },
    { tokenHash: "a", type: "email_change" },
    { tokenHash: null, type: "signup" },
  ])("that nobody sent is over, and nobody is asked: %j", async (link) => {
    const { accounts, auth } = world();
    expect(await accounts.followLink(link)).toEqual({ ok: false, problem: "linkOver" });
    expect(auth.asked).toEqual([]);
  });

  it("goes to one person four times, and then once in ten minutes, whoever asks", async () => {
    const { accounts, idle, auth } = world();
    const answers = [];
    for (let n = 0; n < 5; n++) answers.push((await accounts.sendLink({ email: KNOWN.email }, "/clarify")).ok);
    expect(answers).toEqual([true, true, true, true, false]);
    expect(await accounts.sendReset({ email: KNOWN.email.toUpperCase() }, "/new-password")).toEqual({
      ok: false,
      problem: "tooManyMails",
    });
    expect((await accounts.sendLink({ email: STRANGER.email }, "/clarify")).ok).toBe(true);
    await idle();
    expect(auth.mails).toHaveLength(4);
  });
});

describe("a new password", () => {
  /** A browser in which the person with the known account is signed in. */
  async function signedInWorld(options?: Parameters<typeof world>[1]) {
    const here = world({}, options);
    await here.accounts.signIn(KNOWN);
    return here;
  }

  it("is the one to sign in with from then on, and signs out everywhere else", async () => {
    const { accounts, auth } = await signedInWorld();
    const chosen = await accounts.choosePassword({ password: "clay-and-fire" }, KNOWN, "/new-password");
    expect(chosen).toEqual({ ok: true, signedIn: true });
    expect(auth.asked.slice(-2)).toEqual(["PUT /user", "POST /logout"]);
    expect(await accounts.signIn(KNOWN)).toEqual({ ok: false, problem: "wrongPair" });
    expect(await accounts.signIn({ ...KNOWN, password: "clay-and-fire" })).toEqual({ ok: true, signedIn: true });
  });

  it("asks again to end the other sessions where the auth server refuses once", async () => {
    const { accounts, auth, logged } = await signedInWorld();
    auth.refusedLogouts.push(500);
    const chosen = await accounts.choosePassword({ password: "clay-and-fire" }, KNOWN, "/new-password");
    expect(chosen).toEqual({ ok: true, signedIn: true });
    expect(auth.asked.slice(-3)).toEqual(["PUT /user", "POST /logout", "POST /logout"]);
    expect(logged()).toEqual([]);
  });

  it("refuses the other sessions' tokens though the auth server ends none, which the person is told and can ask for again", async () => {
    const { accounts, auth, logged, revocations } = await signedInWorld();
    auth.refusedLogouts.push(429, 429, 429);
    const session = { id: "here", userId: "noa", issuedAt: 0, expiresAt: 3_600 };
    const chosen = await accounts.choosePassword({ password: "clay-and-fire" }, { ...KNOWN, session }, "/new-password");
    expect(chosen).toEqual({ ok: true, signedIn: true, othersStay: true });
    expect(await revocations.isRevoked({ ...session, id: "elsewhere" })).toBe(true);
    expect(logged()).toMatchObject([{ status: 429, msg: "other sessions go on after a new password" }]);
    expect(await accounts.endOthers()).toEqual({ ok: true, signedIn: true });
    expect(auth.asked.at(-1)).toBe("POST /logout");
  });

  it.each([
    ["short", "passwordShort"],
    ["Password123!", "passwordCommon"],
    ["noa@example.com", "passwordIsAddress"],
    [KNOWN.password, "passwordSame"],
    ["", "passwordMissing"],
  ])("%j is refused: %s", async (password, problem) => {
    const { accounts } = await signedInWorld();
    const refused = { ok: false, problem, field: "password" };
    expect(await accounts.choosePassword({ password }, KNOWN, "/new-password")).toEqual(refused);
  });

  it("is nobody's to choose for a shared account or a copy of the demo", async () => {
    const { accounts, auth } = await signedInWorld({ sharedEmail: KNOWN.email });
    for (const { email } of [KNOWN, newCopyAccount()]) {
      expect(await accounts.choosePassword({ password: "clay-and-fire" }, { email }, "/new-password")).toEqual({
        ok: false,
        problem: "demoStays",
      });
    }
    expect(auth.asked).not.toContain("PUT /user");
  });

  it("needs a link where the person has been signed in for long, and sends it", async () => {
    const { accounts, auth, idle } = world({ wantsProof: true });
    await accounts.signIn(KNOWN);
    const chosen = await accounts.choosePassword({ password: "clay-and-fire" }, KNOWN, "/new-password");
    expect(chosen).toEqual({ ok: true, signedIn: false });
    await idle();
    expect(auth.mails).toMatchObject([{ to: KNOWN.email, kind: "recovery" }]);
  });

  it("needs a link where nobody is signed in", async () => {
    const { accounts } = world();
    const chosen = await accounts.choosePassword({ password: "clay-and-fire" }, KNOWN, "/new-password");
    expect(chosen).toEqual({ ok: false, problem: "askForLink" });
  });
});

describe("a sign-up", () => {
  it.each([
    [{ name: " ", ...STRANGER }, "nameMissing", "name"],
    [{ name: "Tal", ...STRANGER, email: "tal@" }, "emailIncomplete", "email"],
    [{ name: "Tal", ...STRANGER, password: "12345678" }, "passwordCommon", "password"],
    [{ name: "Tal", ...STRANGER, password: "x".repeat(73) }, "passwordLong", "password"],
    [{ name: "Tal", email: STRANGER.email, password: null }, "invalid", "password"],
  ])("with %j is refused before anybody is asked: %s", async (input, problem, field) => {
    const { accounts, auth } = world();
    expect(await accounts.signUp(input, "/clarify")).toEqual({ ok: false, problem, field });
    expect(auth.asked).toEqual([]);
  });

  it("counts as a mail where it sends one, so that one visitor cannot have mail sent to everybody", async () => {
    const { accounts } = world();
    const answers = [];
    for (let n = 0; n < 21; n++) {
      answers.push(await accounts.signUp({ name: "Tal", email: `${n}@example.com`, password: "wheel-and-water" }, "/"));
    }
    expect(answers.at(19)).toEqual({ ok: true, signedIn: false });
    expect(answers.at(20)).toEqual({ ok: false, problem: "tooManyMails" });
  });

  it("counts as a mail before it is sent, so that many at once are no more than one after another", async () => {
    const { accounts } = world();
    const signUp = (n: number) =>
      accounts.signUp({ name: "Tal", email: `${n}@example.com`, password: "wheel-and-water" }, "/");
    const answers = await Promise.all(Array.from({ length: 25 }, (_, n) => signUp(n)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(20);
  });

  it("counts as no mail where the project sends none", async () => {
    const { accounts } = world({ confirms: false });
    for (let n = 0; n < 25; n++) {
      const account = { name: "Tal", email: `${n}@example.com`, password: "wheel-and-water" };
      expect(await accounts.signUp(account, "/")).toEqual({ ok: true, signedIn: true });
    }
  });

  it("is refused where registration is closed, here or in the project", async () => {
    const closed = { ok: false, problem: "closed" };
    const here = world({}, { registration: "closed" });
    expect(await here.accounts.signUp({ name: "Tal", ...STRANGER }, "/clarify")).toEqual(closed);
    expect(here.auth.asked).toEqual([]);
    const there = world({ disableSignup: true });
    expect(await there.accounts.signUp({ name: "Tal", ...STRANGER }, "/clarify")).toEqual(closed);
  });
});

describe("another service", () => {
  /** What the auth server is asked to lead to. */
  const asked = async (accounts: Accounts) => new URL(String(await accounts.signInElsewhere("google", "/dreams")));

  it("leads back with a code, which signs in the browser that set out", async () => {
    const { accounts, auth, signedIn } = world();
    const address = await asked(accounts);
    expect(address.origin + address.pathname).toBe("http://project.example/auth/v1/authorize");
    expect(address.searchParams.get("provider")).toBe("google");
    expect(address.searchParams.get("redirect_to")).toBe("https://clarify.example/auth/callback?next=%2Fdreams");
    const code = auth.codeFor(KNOWN.email, address.searchParams.get("code_challenge") ?? "");
    expect(await accounts.exchangeCode(code)).toEqual({ ok: true, isNew: false });
    expect(await signedIn()).toBe(true);
  });

  it("says that an account is new, which begins with a conversation", async () => {
    const { accounts, auth } = world();
    const address = await asked(accounts);
    const code = auth.codeFor(STRANGER.email, address.searchParams.get("code_challenge") ?? "");
    expect(await accounts.exchangeCode(code)).toEqual({ ok: true, isNew: true });
  });

  it("signs in no other browser: neither with another's code nor without having set out", async () => {
    const { accounts, auth, signedIn } = world();
    const other = world();
    const theirs = auth.codeFor(KNOWN.email, (await asked(other.accounts)).searchParams.get("code_challenge") ?? "");
    vi.stubGlobal("fetch", auth.fetch);
    expect(await accounts.exchangeCode(theirs)).toEqual({ ok: false, problem: "linkOver" });
    await asked(accounts);
    expect(await accounts.exchangeCode(auth.codeFor(KNOWN.email, "another"))).toEqual({
      ok: false,
      problem: "linkOver",
    });
    expect(await signedIn()).toBe(false);
  });
});

it("attempts that name no account count for the address that they come from", async () => {
  const { accounts } = world();
  const answers = [];
  for (let n = 0; n < 61; n++) answers.push(await accounts.followLink({ tokenHash: `guess-${n}`, type: "magiclink" }));
  expect(answers.at(59)).toEqual({ ok: false, problem: "linkOver" });
  expect(answers.at(60)).toEqual({ ok: false, problem: "tooManyAttempts" });
});

describe("what the operator learns", () => {
  it("of a wrong key: what was to be done and the code, and nobody's address", async () => {
    const { accounts, auth, idle, logged } = world();
    auth.refusesAll = "no_authorization";
    await accounts.signIn(KNOWN);
    await accounts.signUp({ name: "Tal", ...STRANGER }, "/clarify");
    await accounts.followLink({ tokenHash: "hash", type: "magiclink" });
    expect(logged()).toMatchObject([
      { operation: "sign in", status: 401, code: "no_authorization" },
      { operation: "sign up", status: 401, code: "no_authorization" },
      { operation: "follow a link", status: 401, code: "no_authorization" },
    ]);
    expect(JSON.stringify(logged())).not.toContain("example.com");
    await accounts.sendLink({ email: KNOWN.email }, "/clarify");
    await idle();
    expect(logged().at(-1)).toMatchObject({ operation: "send a mail", reason: "refused", code: "no_authorization" });
  });

  it("of what people enter: nothing", async () => {
    const { accounts, idle, logged } = world();
    await accounts.signIn(STRANGER);
    await accounts.followLink({ tokenHash: "made-up", type: "magiclink" });
    await accounts.exchangeCode("made-up");
    await accounts.choosePassword({ password: "clay-and-fire" }, KNOWN, "/new-password");
    await accounts.sendLink({ email: STRANGER.email }, "/clarify");
    await idle();
    expect(logged()).toEqual([]);
  });
});

describe("the demo", () => {
  const openCopy = (auth: AuthService) => async () => {
    const copy = newCopyAccount();
    auth.addAccount(copy.email, copy.password);
    return copy;
  };

  it("signs each visitor in to a copy of their own", async () => {
    const opened: string[] = [];
    const service = world();
    const demo = world(
      {},
      {
        openDemoCopy: async () => {
          const copy = await openCopy(demo.auth)();
          opened.push(copy.email);
          return copy;
        },
      },
    );
    expect(await service.accounts.continueAsDemo()).toEqual({ ok: false, problem: "noDemo" });
    vi.stubGlobal("fetch", demo.auth.fetch);
    expect(await demo.accounts.continueAsDemo()).toEqual({ ok: true, signedIn: true });
    expect(await demo.signedIn()).toBe(true);
    await demo.accounts.continueAsDemo();
    expect(new Set(opened).size).toBe(2);
  });

  it("says so when it is full, and when it cannot be made, and logs why", async () => {
    const full = world({}, { openDemoCopy: async () => null });
    expect(await full.accounts.continueAsDemo()).toEqual({ ok: false, problem: "demoFull" });
    const broken = world({}, { openDemoCopy: () => Promise.reject(new Error("no database")) });
    expect(await broken.accounts.continueAsDemo()).toEqual({ ok: false, problem: "unreachable" });
    expect(broken.logged()).toHaveLength(1);
  });

  it("opens sixty copies to a robot that presses a thousand times, and no more", async () => {
    let opened = 0;
    const { accounts, auth } = world(
      {},
      {
        openDemoCopy: () => {
          opened += 1;
          return openCopy(auth)();
        },
      },
    );
    for (let n = 0; n < 1_000; n += 1) await accounts.continueAsDemo();
    expect(opened).toBe(60);
    expect(await accounts.continueAsDemo()).toEqual({ ok: false, problem: "tooManyDemos" });
  });
});

it("leaves nothing of a session that somebody planted in the browser before the sign-in", async () => {
  const { accounts, jar } = world();
  const { name } = sessionCookie(false);
  const planted = `base64-${Buffer.from(JSON.stringify({ access_token: "planted", expires_at: 4_102_444_800 })).toString("base64url")}`;
  const pieces = [name, `${name}.0`, `${name}.1`, `${name}.7`].map((part) => ({
    name: part,
    value: planted,
    options: {},
  }));
  await jar.methods.setAll?.(pieces, {});
  expect((await accounts.signIn(KNOWN)).ok).toBe(true);
  const tokens = await sessionCookie(false).read((part) => jar.get(part));
  expect(tokens?.accessToken).not.toBe("planted");
  for (const part of [name, `${name}.0`, `${name}.1`, `${name}.7`]) expect(jar.get(part)).not.toBe(planted);
});
