import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page, Request } from "playwright-core";
import { DEMO_ACCOUNT } from "@/server/demo/seed";

/** A visitor of the app: one browser context, and what its pages complained about. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Console errors and warnings, uncaught exceptions, and failed hydrations. */
  complaints: string[];
  close(): Promise<void>;
}

export async function visit(browser: Browser, appUrl: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: appUrl,
    viewport: { width: 1440, height: 900 },
    // Tests cannot intercept the answers of a service worker.
    serviceWorkers: "block",
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  context.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    if (message.text().includes("Service Worker registration blocked by Playwright")) return;
    complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (event) => complaints.push(`uncaught: ${event.error().message}`));
  const page = await context.newPage();
  async function close() {
    // A request that a test rerouted may still be under way.
    await Promise.all([context, ...context.pages()].map((routed) => routed.unrouteAll({ behavior: "ignoreErrors" })));
    await context.close();
  }
  return { context, page, complaints, close };
}

/** For a test that made requests fail: the browser has reported them, and the page may still repeat one. */
export async function forgiveFailures({ page, complaints }: Visitor): Promise<void> {
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.close();
  complaints.length = 0;
}

export async function continueAsDemo(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: "Continue as demo" }).click();
  await page.waitForURL(/\/clarify$/);
}

/** Signs in as whoever runs the embedded stack, who is its operator if none is named. */
export function signInAsOwner(page: Page): Promise<void> {
  return signIn(page, DEMO_ACCOUNT);
}

export interface Account {
  email: string;
  password: string;
}

/** Opens an account of its own, so that a test changes only its own data. */
export async function signUp(page: Page, name: string): Promise<Account> {
  const account = { email: `${name.toLowerCase()}-${crypto.randomUUID()}@example.com`, password: "a-long-password" };
  await page.goto("/sign-in?mode=sign-up");
  await page.getByLabel("What should we call you?").fill(name);
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Create" }).click();
  // An account begins with a first conversation. Most tests begin with the page of all conversations.
  await page.waitForURL(/\/clarify\/[0-9a-f-]{36}$/);
  await page.goto("/clarify");
  return account;
}

/** @param next where to go after it */
export async function signIn(page: Page, { email, password }: Account, next = "/clarify"): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname === next);
}

/** Begins a conversation and waits until the composer can be used. Returns its address. */
export async function newConversation(page: Page): Promise<string> {
  const before = page.url();
  await page.getByRole("button", { name: "New conversation" }).first().click();
  await page.waitForURL(({ href, pathname }) => href !== before && /^\/clarify\/[0-9a-f-]{36}$/.test(pathname));
  await page.getByTestId("opening").waitFor();
  await composer(page).waitFor();
  return new URL(page.url()).pathname;
}

export const composer = (page: Page): Locator => page.getByRole("textbox", { name: "Message", exact: true });
export const replies = (page: Page): Locator => page.locator("[data-testid=message][data-role=assistant]");

export const streaming = (page: Page): Locator => page.locator("[data-testid=message][data-state=streaming]");
export const interrupted = (page: Page): Locator => page.locator("[data-testid=message][data-state=interrupted]");

/** Writes a message and sends it with Enter. */
export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** Resolves when the last reply is complete. */
export async function replied(page: Page, count: number): Promise<void> {
  await page
    .locator("[data-testid=message][data-role=assistant][data-state=complete]")
    .nth(count - 1)
    .waitFor();
}

/** The messages are those that the browser has rendered in place of the server's HTML: only these tell the time. */
export async function renderedInBrowser(page: Page): Promise<void> {
  await page.getByTestId("message").last().locator("time").waitFor({ state: "attached" });
}

const SCRIPTS = /\/_next\/static\/.*\.js/;

/** Keeps all scripts from arriving at a page until the returned function is called. */
export async function holdScripts(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(SCRIPTS, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** How long the context of the last message took, according to the inspector. */
export async function lastBuild(page: Page): Promise<{ fromMemory: number; buildMs: number }> {
  const build = page.getByTestId("last-build");
  await build.waitFor({ state: "attached" });
  return {
    fromMemory: Number(await build.getAttribute("data-from-memory")),
    buildMs: Number(await build.getAttribute("data-build-ms")),
  };
}

/** Invalidates the person's context on the server, as a day without them would. */
export async function goCold(page: Page): Promise<void> {
  const status = await page.evaluate(async () => {
    const body = JSON.stringify({});
    const headers = { "content-type": "application/json" };
    return (await fetch("/api/trpc/clarifyContext.invalidate", { method: "POST", headers, body })).status;
  });
  if (status !== 200) throw new Error(`The context was not forgotten: ${status}`);
}

/** Does something on the page, and waits until the server has acknowledged it. Pages show what is written before that. */
export async function acknowledged(page: Page, procedure: string, act: () => Promise<void>): Promise<void> {
  const ofProcedure = (request: Request) => new URL(request.url()).pathname.includes(procedure);
  const [response] = await Promise.all([
    page.waitForResponse((answer) => ofProcedure(answer.request())),
    // tRPC's client aborts a streamed answer once it has read all that it asked for, which counts as a failure.
    Promise.race([
      page.waitForEvent("requestfinished", { predicate: ofProcedure }),
      page.waitForEvent("requestfailed", { predicate: ofProcedure }),
    ]),
    act(),
  ]);
  if (!response.ok()) throw new Error(`${procedure} was answered with ${response.status()}`);
}

/** The page's requests for a procedure, from now on; a batch counts once for each of its calls. */
export function requestsFor(page: Page, procedure: string): { count: number; most: number } {
  const seen = { count: 0, most: 0 };
  let running = 0;
  const calls = (url: string) =>
    new URL(url).pathname
      .replace("/api/trpc/", "")
      .split(",")
      .filter((call) => call === procedure).length;
  page.on("request", (request) => {
    seen.count += calls(request.url());
    running += calls(request.url());
    seen.most = Math.max(seen.most, running);
  });
  const over = (request: Request) => {
    running -= calls(request.url());
  };
  page.on("requestfinished", over);
  page.on("requestfailed", over);
  return seen;
}

/** Each section of the inspector: its name, and its source as the technical term. */
export async function sectionSources(page: Page): Promise<Record<string, string>> {
  const sections = await page.getByTestId("inspector-section").all();
  const entries = sections.map(async (section) => [
    (await section.getAttribute("aria-label")) ?? "",
    (await section.getAttribute("data-source")) ?? "",
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/** Violations of WCAG 2.2 AA on the current page, once nothing on it is moving: what fades in has too little contrast. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  // Next.js sends a page's title behind the page.
  await page.waitForFunction(() => document.title !== "");
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

const OUTPUT = fileURLToPath(new URL("./output/", import.meta.url));

export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(OUTPUT, { recursive: true });
  await page.screenshot({ path: `${OUTPUT}${name}.png` });
}
