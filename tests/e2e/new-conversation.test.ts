import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { eachTestHasVisitor } from "./each-visitor";
import type { Visitor } from "./visitor";
import { composer, newConversation, replied, requestsFor, say, signUp } from "./visitor";

let visitor: Visitor;
let page: Page;
eachTestHasVisitor((arrived) => {
  visitor = arrived;
  page = visitor.page;
});

const rows = () => page.getByTestId("session-row");
const begin = () => page.getByRole("button", { name: "New conversation" }).first().click();
const knownSessions = () => page.locator("[data-testid=inspector-section][data-section=sessions]");

describe("a conversation in which nothing was said", () => {
  it("is stored nowhere: pressing the button again leads back to it, with its draft, also after a reload", async () => {
    await signUp(page, "Noa");
    const creations = requestsFor(page, "sessions.create");
    const path = await newConversation(page);
    await composer(page).fill("Half a thought");
    await page.goto("/dreams");
    expect(await rows().count()).toBe(0);
    await begin();
    await page.waitForURL(new RegExp(`${path}$`));
    await page.reload();
    await page.getByTestId("opening").waitFor();
    await expect.poll(() => composer(page).inputValue()).toBe("Half a thought");
    await knownSessions().getByText("Nothing yet.").waitFor();
    expect(creations.count).toBe(0);

    await composer(page).press("Enter");
    await replied(page, 1);
    await rows().filter({ hasText: "Half a thought" }).waitFor();
    expect(await newConversation(page)).not.toBe(path);
    await knownSessions().getByText("Half a thought").waitFor();
  });

  it("is in both tabs of the person, and becomes the stored one in both with the first message", async () => {
    await signUp(page, "Noa");
    const path = await newConversation(page);
    const other = await visitor.context.newPage();
    await other.goto("/clarify");
    expect(await newConversation(other)).toBe(path);
    await say(page, "I think of the sea.");
    await replied(other, 1);
    await replied(page, 1);
    expect(await newConversation(other)).not.toBe(path);
  });
});

describe("a first message that does not reach the server", () => {
  it("keeps its conversation in the list, and opens it when the connection is back, from any page", async () => {
    await signUp(page, "Noa");
    const path = await newConversation(page);
    await page.getByRole("button", { name: "Off the record" }).click();
    await page.route(/messages\.send/, (route) => route.abort());
    await say(page, "Only for me.");
    await page.getByTestId("trouble").waitFor();
    await rows().filter({ hasText: "not sent yet" }).filter({ hasText: "Only for me." }).waitFor();
    await page.goto("/dreams");
    await rows().filter({ hasText: "not sent yet" }).waitFor();
    await page.unroute(/messages\.send/);
    await rows().filter({ hasText: "off the record" }).filter({ hasText: "2 messages" }).waitFor();
    await page.goto(path);
    await replied(page, 1);
    expect(await page.getByTestId("message").count()).toBe(2);
    visitor.complaints.length = 0; // The browser reports the requests that were cut.
  });
});
