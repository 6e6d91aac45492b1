import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { freePort } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import { run } from "./run";

const example = fileURLToPath(new URL("../../examples/use-in-your-app", import.meta.url));

let folder: string;
let server: ChildProcess;
let url: string;
let browser: Browser;

/** Does what the example's README says: installs the packed module, builds, which checks the types, and starts. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clarify-example-"));
  const skipped = /\/(node_modules|\.next)$|\.tgz$/;
  await cp(example, folder, { recursive: true, filter: (path) => !skipped.test(path) });
  // Its versions are pinned, so what npm has cached need not be checked with the registry.
  await run("npm", ["install", "--prefer-offline", inject("tarball")], folder);
  await run("npm", ["run", "build"], folder);
  const port = await freePort();
  url = `http://localhost:${port}`;
  server = spawn(process.execPath, [join("node_modules", "next", "dist", "bin", "next"), "start", "-p", `${port}`], {
    cwd: folder,
    stdio: "ignore",
  });
  await vi.waitFor(async () => expect((await fetch(url)).ok).toBe(true), { timeout: 60_000, interval: 200 });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  server?.kill();
  await rm(folder, { recursive: true, force: true });
});

/** A browser of its own, signed in. `contexts` counts its requests for the context. */
async function signIn(name: "Noa" | "Dan"): Promise<{ page: Page; contexts: () => number }> {
  const page = await (await browser.newContext()).newPage();
  let count = 0;
  page.on("request", (request) => {
    if (request.url().includes("context.get")) count += 1;
  });
  await page.goto(url);
  await page.getByRole("button", { name: `I am ${name}` }).click();
  await page.getByRole("link", { name: "Heron" }).waitFor();
  return { page, contexts: () => count };
}

/** The sections that the page shows: where each came from, and its items. */
async function sections(page: Page): Promise<Record<string, string>> {
  const rows = page.locator("[data-section]");
  await rows.nth(2).waitFor();
  return Object.fromEntries(
    await rows.evaluateAll((elements) =>
      elements.map((element) => [
        element.getAttribute("data-section"),
        `${element.getAttribute("data-source")}: ${element.textContent?.split(": ")[1]}`,
      ]),
    ),
  );
}

describe("the example, with the packed module installed", () => {
  test("has the context ready when a link is pointed at, and answers a message from it", async () => {
    const { page, contexts } = await signIn("Noa");
    const built = page.waitForResponse(/context\.get/);
    await page.getByRole("link", { name: "Heron" }).hover();
    await built;
    await page.getByRole("link", { name: "Heron" }).click();
    expect(await sections(page)).toEqual({
      member: "loaded: Noa Levin",
      tasks: "loaded: Paint the hull",
      notes: "loaded: The keel worries me",
    });
    expect(contexts()).toBe(1);

    await page.getByLabel("Message").fill("What now?");
    await page.getByRole("button", { name: "Ask" }).click();
    await expect.poll(() => page.getByTestId("answer").textContent()).toContain("You said: What now? I know:");
    await expect
      .poll(() => page.getByTestId("answer").textContent())
      .toMatch(/- Paint the hull, by 2027-04-01 .*The keel worries me/);
    expect(await page.getByTestId("sources").textContent()).toBe("member fresh, tasks fresh, notes fresh");
    expect(contexts()).toBe(1);
  });

  test("shows one member's write to the others at once, in a page that arrives with its context", async () => {
    const noa = await signIn("Noa");
    await noa.page.goto(`${url}/projects/heron`);
    await sections(noa.page);
    await noa.page.getByLabel("Task").fill("Sand the deck");
    await noa.page.getByRole("button", { name: "Add" }).click();
    await noa.page.locator("[data-section=tasks]", { hasText: "Sand the deck" }).waitFor();

    const dan = await signIn("Dan");
    await dan.page.goto(`${url}/projects/heron`);
    expect(await sections(dan.page)).toEqual({
      member: "loaded: Dan Berg",
      tasks: "fresh: Paint the hull, Sand the deck",
      notes: "loaded: ",
    });
    expect(dan.contexts()).toBe(0);
  });

  test("refuses people who may not read, also when the answer is in the cache", async () => {
    const ask = (page: Page) =>
      page.request.get(`${url}/api/trpc/context.tasks`, {
        params: { input: JSON.stringify({ json: { projectId: "tern" } }) },
      });
    const noa = await signIn("Noa");
    expect(await (await ask(noa.page)).text()).toContain("Mend the mainsail");
    const dan = await signIn("Dan");
    expect((await ask(dan.page)).status()).toBe(404);
  });
});
