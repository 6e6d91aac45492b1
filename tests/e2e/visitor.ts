import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";

/** Somebody in front of the app: one browser context, and what its pages complained about. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Console errors and warnings, uncaught exceptions, and failed hydrations. */
  complaints: string[];
  close(): Promise<void>;
}

export async function visit(browser: Browser, appUrl: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: appUrl, viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  context.on("weberror", (event) => complaints.push(`uncaught: ${event.error().message}`));
  const page = await context.newPage();
  return { context, page, complaints, close: () => context.close() };
}

export async function continueAsDemo(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: "Continue as demo" }).click();
  await page.waitForURL(/\/clarify$/);
}

/** Opens an account of its own, so that a test changes nobody else's data. */
export async function signUp(page: Page, name: string): Promise<void> {
  await page.goto("/sign-in?mode=sign-up");
  await page.getByLabel("What should we call you?").fill(name);
  await page.getByLabel("E-mail").fill(`${name.toLowerCase()}-${crypto.randomUUID()}@example.com`);
  await page.getByLabel("Password").fill("a-long-password");
  await page.getByRole("button", { name: "Create" }).click();
  await page.waitForURL(/\/clarify$/);
}

/** Begins a conversation and waits until it can be written in. Answers with its address. */
export async function newConversation(page: Page): Promise<string> {
  await page.getByRole("button", { name: "New conversation" }).first().click();
  await page.waitForURL(/\/clarify\/[0-9a-f-]{36}$/);
  await composer(page).waitFor();
  return new URL(page.url()).pathname;
}

export const composer = (page: Page): Locator => page.getByRole("textbox", { name: "Message", exact: true });
export const replies = (page: Page): Locator => page.locator("[data-testid=message][data-role=assistant]");

/** Writes a message and sends it with Enter. */
export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** Resolves when the last reply has been spoken to its end. */
export async function replied(page: Page, count: number): Promise<void> {
  await page
    .locator("[data-testid=message][data-role=assistant][data-state=complete]")
    .nth(count - 1)
    .waitFor();
}

/** Each section of the inspector: its name, and where it came from in the technical term. */
export async function sectionSources(page: Page): Promise<Record<string, string>> {
  const sections = await page.getByTestId("inspector-section").all();
  const entries = sections.map(async (section) => [
    (await section.getAttribute("aria-label")) ?? "",
    (await section.getAttribute("data-source")) ?? "",
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/** Violations of WCAG 2.2 AA on the page as it is now. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

const OUTPUT = fileURLToPath(new URL("./output/", import.meta.url));

export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(OUTPUT, { recursive: true });
  await page.screenshot({ path: `${OUTPUT}${name}.png` });
}
