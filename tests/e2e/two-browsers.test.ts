import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { launchBrowser } from "../support/browser";
import type { Visitor } from "./visitor";
import { newConversation, replied, replies, say, sectionSources, signIn, signUp, visit } from "./visitor";

const appUrl = inject("appUrl");

let browser: Browser;
const visitors: Visitor[] = [];
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async ({ task }) => {
  const complaints = visitors.flatMap((visitor) => visitor.complaints);
  await Promise.all(visitors.splice(0).map((visitor) => visitor.close()));
  if (task.result?.state !== "fail") expect(complaints).toEqual([]);
});

async function browse(): Promise<Visitor["page"]> {
  const visitor = await visit(browser, appUrl);
  visitors.push(visitor);
  return visitor.page;
}

const said = (page: Visitor["page"]) => page.locator("[data-testid=message][data-role=user]").allInnerTexts();
const inspector = (page: Visitor["page"]) => page.getByTestId("inspector").innerText();

describe("one person at two browsers at once", () => {
  it("has one conversation: each browser shows the messages and changes of the other, each message once", async () => {
    const [desk, phone] = [await browse(), await browse()];
    const account = await signUp(desk, "Noa");
    await signIn(phone, account);
    const path = await newConversation(desk);
    await say(desk, "Said at the desk.");
    await replied(desk, 1);
    await phone.goto(path);
    await replied(phone, 1);
    await say(phone, "Said on the phone.");
    await replied(phone, 2);
    await desk.reload();
    await replied(desk, 2);
    const words = await Promise.all([said(desk), said(phone)]);
    for (const each of words) {
      expect(each).toHaveLength(2);
      expect(each[0]).toContain("Said at the desk.");
      expect(each[1]).toContain("Said on the phone.");
    }
  });

  it("gets both answers when writing at the same time in two conversations, without mixing them up", async () => {
    const [desk, phone] = [await browse(), await browse()];
    const account = await signUp(desk, "Noa");
    await signIn(phone, account);
    await Promise.all([newConversation(desk), newConversation(phone)]);
    await Promise.all([say(desk, "About the sea."), say(phone, "About the hills.")]);
    await Promise.all([replied(desk, 1), replied(phone, 1)]);
    expect(await replies(desk).innerText()).toContain("About the sea");
    expect(await replies(phone).innerText()).toContain("About the hills");
    expect(await said(desk)).toHaveLength(1);
    expect(await said(phone)).toHaveLength(1);

    // The context of the next message names the other conversation, never the current one.
    for (const [page, other] of [
      [desk, "About the hills."],
      [phone, "About the sea."],
    ] as const) {
      await page.reload();
      await page.getByTestId("inspector-section").nth(4).waitFor();
      const sessions = page.locator("[data-testid=inspector-section][data-section=sessions]");
      expect(await sessions.getByTestId("section-item").allInnerTexts()).toEqual([expect.stringContaining(other)]);
    }
  });

  it("writing in one conversation at the same moment: one message is answered, the other has to wait, nothing is lost", async () => {
    const [desk, phone] = [await browse(), await browse()];
    const account = await signUp(desk, "Noa");
    await signIn(phone, account);
    const path = await newConversation(desk);
    await say(desk, "Good morning.");
    await replied(desk, 1);
    await phone.goto(path);
    await replied(phone, 1);
    await say(desk, "I think of the sea, and of the boat that my father never finished.");
    await desk.locator("[data-testid=message][data-state=streaming]").waitFor();
    await say(phone, "And I of the hills.");
    await phone.getByTestId("trouble").getByText("still being written").waitFor();
    await replied(desk, 2);
    await phone.getByRole("button", { name: "Try again" }).click();
    const spoken = replies(phone).and(phone.locator("[data-state=complete]"));
    await spoken.filter({ hasText: "And I of the hills" }).waitFor();
    await phone.reload();
    await replied(phone, 3);
    expect(await said(phone)).toHaveLength(3);
  });
});

describe("two people at once", () => {
  it("never see anything of each other, in any order of their requests", async () => {
    const [noa, dan] = [await browse(), await browse()];
    await signUp(noa, "Noa");
    await signUp(dan, "Dan");
    const words = { noa: "Only Noa knows about the lighthouse.", dan: "Only Dan knows about the vineyard." };
    for (let round = 1; round <= 2; round += 1) {
      await Promise.all([newConversation(noa), newConversation(dan)]);
      await Promise.all([say(noa, words.noa), say(dan, words.dan)]);
      await Promise.all([replied(noa, 1), replied(dan, 1)]);
      await Promise.all([noa.reload(), dan.reload()]);
      await Promise.all([replied(noa, 1), replied(dan, 1)]);
      await Promise.all([sectionSources(noa), sectionSources(dan)]);
    }
    expect(await inspector(noa)).toContain("Noa");
    expect(await inspector(noa)).toContain("lighthouse");
    expect(await inspector(dan)).toContain("Dan");
    expect(await inspector(dan)).toContain("vineyard");
    for (const [page, foreign] of [
      [noa, /Dan|vineyard/],
      [dan, /Noa|lighthouse/],
    ] as const) {
      expect(await page.content()).not.toMatch(foreign);
      expect(await (await page.request.get(page.url())).text()).not.toMatch(foreign);
    }
  });
});
