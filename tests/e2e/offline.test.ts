import { expect, it } from "vitest";
import { z } from "zod";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { newConversation, replied, say, signUp } from "./visitor";

const visitAlso = eachTestHasVisitor(() => {});

/** A visitor whose browser may store pages. */
const arrive = () => visitAlso({ serviceWorkers: "allow" });

/** Browsers report by themselves that a request found no connection. */
const withoutNetwork = ({ complaints }: Visitor) =>
  complaints.filter((complaint) => !/net::ERR_INTERNET_DISCONNECTED|net::ERR_FAILED|Failed to fetch/.test(complaint));

/** The person's pages that the browser has stored. */
const keptPages = ({ page }: Visitor) =>
  page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("clarify-pages-"));
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return kept.flat().map(({ url }) => new URL(url).pathname);
  });

/** A page as the browser has stored it; null if it has not. */
const keptPage = ({ page }: Visitor, path: string) =>
  page.evaluate(async (wanted) => {
    const names = (await caches.keys()).filter((name) => name.startsWith("clarify-pages-"));
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).match(wanted)));
    return (await kept.find((response) => response !== undefined)?.text()) ?? null;
  }, path);

it("opens without a network with the pages that were read last and unsent messages, and sends those when there is one", async () => {
  const visitor = await arrive();
  const { page, context } = visitor;
  await signUp(page, "Noa");
  await page.evaluate(() => navigator.serviceWorker.ready);
  const path = await newConversation(page);
  await say(page, "I think of the sea.");
  await replied(page, 1);
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect.poll(() => keptPage(visitor, path), { timeout: 20_000 }).toContain("I think of the sea.");

  await context.setOffline(true);
  await page.reload();
  await page.getByTestId("message").getByText("I think of the sea.").waitFor();
  await page.getByText("You're offline").waitFor();
  await say(page, "And of leaving.");
  await page.getByTestId("trouble").waitFor();
  await page.reload();
  await page.getByTestId("message").getByText("And of leaving.").waitFor();

  await page.goto("/account");
  await page.waitForURL(new RegExp(path));
  await context.setOffline(false);
  await replied(page, 2);
  expect(await page.getByTestId("message").count()).toBe(4);
  expect(withoutNetwork(visitor)).toEqual([]);
  await visitor.close();
});

it("keeps no page after signing out, and no answer of the API", async () => {
  const visitor = await arrive();
  const { page, context } = visitor;
  await signUp(page, "Noa");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.goto("/dreams");
  await expect.poll(() => keptPages(visitor), { timeout: 20_000 }).toContain("/dreams");
  const addresses = await page.evaluate(async () => {
    const names = await caches.keys();
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return kept.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(addresses.filter((address) => address.startsWith("/api/"))).toEqual([]);

  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in$/);
  expect(await keptPages(visitor)).toEqual([]);
  await context.setOffline(true);
  await expect(page.goto("/dreams")).rejects.toThrow("ERR_FAILED");
  await visitor.close();
});

it("can be installed", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  await page.goto("/sign-in");
  const address = await page.locator("link[rel=manifest]").getAttribute("href");
  const manifest = z
    .object({
      name: z.literal("Clarify"),
      start_url: z.literal("/clarify"),
      display: z.literal("standalone"),
      dir: z.literal("ltr"),
      icons: z.array(z.object({ src: z.string(), type: z.string(), purpose: z.string() })),
    })
    .parse(await (await page.request.get(address ?? "")).json());
  expect(manifest.icons.map(({ purpose }) => purpose)).toContain("maskable");
  for (const { src, type } of manifest.icons) {
    const icon = await page.request.get(src);
    expect([icon.status(), icon.headers()["content-type"]]).toEqual([200, type]);
  }
  await visitor.close();
});
