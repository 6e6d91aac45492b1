import { randomUUID } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import type { ModelServer } from "../support/model/anthropic-server";
import { startModelServer } from "../support/model/anthropic-server";
import { heldReply } from "../support/model/held-reply";
import type { Visitor } from "./visitor";
import { newConversation, replied, replies, say, signUp, streaming, visit } from "./visitor";

// A message on its way through the real server, with its processes, sockets and compression.

let browser: Browser;
let model: ModelServer;
let environment: Record<string, string>;
let app: AppProcess;
let visitor: Visitor;
beforeAll(async () => {
  browser = await launchBrowser();
  model = await startModelServer();
  environment = { ANTHROPIC_API_KEY: "a-key-for-the-test-server", ANTHROPIC_BASE_URL: model.url };
  app = await startApp(environment);
});
afterAll(async () => {
  await app.stop();
  await model.close();
  await browser.close();
});
beforeEach(async () => {
  visitor = await visit(browser, app.url);
  return () => visitor.close();
});

/** Sends a message as the page does, but keeps the connection. */
async function sendByHand({ page, context }: Visitor, signal: AbortSignal) {
  await signUp(page, "Noa");
  const sessionId = randomUUID();
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const response = await fetch(`${app.url}/api/trpc/messages.send?batch=1`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json", "trpc-accept": "application/jsonl" },
    body: JSON.stringify({ 0: { sessionId, id: randomUUID(), content: "hello", opens: { offRecord: false } } }),
    signal,
  });
  if (response.body === null) throw new Error("There is no stream");
  return { sessionId, chunks: response.body.pipeThrough(new TextDecoderStream()).getReader() };
}

type Chunks = ReadableStreamDefaultReader<string>;

async function nextChunk(chunks: Chunks, wanted: (chunk: string) => boolean): Promise<string> {
  for (;;) {
    const { done, value } = await chunks.read();
    if (done) throw new Error("The stream ended");
    if (wanted(value)) return value;
  }
}

describe("a reply over a real connection", () => {
  it("is kept alive while the model is silent, so that no proxy cuts it", async () => {
    const thinking = Promise.withResolvers<void>();
    model.answers.push({ kind: "reply", words: ["At ", "last."], thinks: thinking.promise });
    const { chunks } = await sendByHand(visitor, AbortSignal.timeout(50_000));
    // The first sign of life comes at once; the test is about those that follow.
    await nextChunk(chunks, (chunk) => chunk.includes('"context"'));
    await nextChunk(chunks, (chunk) => chunk.trim() === "");
    await nextChunk(chunks, (chunk) => chunk.trim() === "");
    thinking.resolve();
    await nextChunk(chunks, (chunk) => chunk.includes("last."));
    await chunks.cancel();
  });

  it("goes on when the connection drops, and can be joined", async () => {
    const { goOn } = heldReply(model, ["I ", "hear ", "you."]);
    const connection = new AbortController();
    const { sessionId, chunks } = await sendByHand(visitor, connection.signal);
    await nextChunk(chunks, (chunk) => chunk.includes("hear "));
    connection.abort();

    const { page } = visitor;
    await page.goto(`/clarify/${sessionId}`);
    await streaming(page).getByText("I hear").waitFor();
    goOn();
    await replied(page, 1);
    expect(await replies(page).getByTestId("reply-text").innerText()).toBe("I hear you.");
  });
});

describe("a request that is larger than any of the page's", () => {
  const post = (body: RequestInit["body"]) => {
    const init: RequestInit & { duplex: "half" } = { method: "POST", body: body ?? null, duplex: "half" };
    const headers = { "content-type": "application/json" };
    return fetch(`${app.url}/api/trpc/messages.send?batch=1`, { ...init, headers });
  };

  it.each<[string, () => RequestInit["body"]]>([
    ["in one piece", () => "x".repeat(300_000)],
    ["in a stream of unknown length", () => new Blob(["x".repeat(11_000_000)]).stream()],
  ])("is refused, %s", async (_how, body) => {
    const response = await post(body());
    expect(response.status).toBe(413);
    expect(await response.text()).toMatch(/a request can have at most 256 kB/i);
  });
});

describe("a server that is killed in the middle of a reply", () => {
  it("is sent the message again by the page that was open, and answers it once", async () => {
    const { page } = await beginReply();
    await app.kill();
    app = await startApp(environment, app.place);
    // The claim of the dead process expires first.
    await expectAnswered(page);
  }, 120_000);

  it("shows that to another device, and answers the message once when asked to", async () => {
    const { page, path } = await beginReply();
    const cookies = await visitor.context.cookies();
    await page.close();
    await app.kill();
    app = await startApp(environment, app.place);
    const device = await visit(browser, app.url);
    await device.context.addCookies(cookies);

    await device.page.goto(path);
    const trouble = device.page.getByTestId("trouble");
    await trouble.getByText("There's no reply to this message yet.").waitFor({ timeout: 30_000 });
    expect(await replies(device.page).count()).toBe(0);
    await trouble.getByRole("button", { name: "Try again" }).click();
    await expectAnswered(device.page);
    await device.close();
  }, 120_000);

  /** Writes a message whose reply stays in the middle. */
  async function beginReply() {
    const { page } = visitor;
    await signUp(page, "Noa");
    const path = await newConversation(page);
    model.answers.push({ kind: "hang", words: ["You ", "speak ", "of "] });
    await say(page, "I think of the sea.");
    await streaming(page).getByText("You speak of").waitFor();
    return { page, path };
  }

  async function expectAnswered(page: Page) {
    await expect.poll(() => replies(page).last().getAttribute("data-state"), { timeout: 30_000 }).toBe("complete");
    await page.reload();
    await replied(page, 1);
    expect(await page.getByTestId("message").count()).toBe(2);
    expect(await replies(page).getByTestId("reply-text").innerText()).toBe("I hear you.");
  }
});
