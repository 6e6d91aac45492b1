import { request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import { signUp, visit } from "./visitor";

// Requests by which one visitor, signed in or not, could harm a production process.

const MAX_RSS_MB = 600;

let app: AppProcess;
let browser: Browser;
let cookie: string;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), launchBrowser()]);
  const visitor = await visit(browser, app.url);
  await signUp(visitor.page, "Noa");
  cookie = (await visitor.context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  await visitor.close();
});
afterAll(async () => {
  await app.stop();
  await browser.close();
});

const get = (path: string) => fetch(`${app.url}${path}`, { headers: { cookie } });

async function stillWell(): Promise<void> {
  expect((await get("/api/trpc/clarifyContext.dreams")).status).toBe(200);
  expect(await app.serverRssMb()).toBeLessThan(MAX_RSS_MB);
}

/** Opens a connection and sends a text; resolves when the server has closed it. */
function say(text: string | Buffer): { socket: Socket; closed: Promise<void> } {
  const { port } = new URL(app.url);
  const socket = connect(Number(port), "localhost");
  socket.on("error", () => {});
  socket.resume();
  socket.write(text);
  return { socket, closed: new Promise((resolve) => socket.on("close", () => resolve())) };
}

describe("a production process outlives", () => {
  it.each([
    [
      "a typed array of 200,000,000 numbers",
      { json: { a: 2e8 }, meta: { values: { a: [["typed-array", "Float64Array"]] } } },
    ],
    ["one as the whole input", { json: 2e8, meta: { values: [["typed-array", "Uint8Array"]] } }],
    ["a set of what claims to be long", { json: { length: 1e9 }, meta: { values: ["set"] } }],
    [
      "equalities that double",
      { json: { a: {} }, meta: { referentialEqualities: { a: Array.from({ length: 300 }, (_, n) => `a.${n}`) } } },
    ],
  ])("%s", async (_what, input) => {
    const query = `?input=${encodeURIComponent(JSON.stringify(input))}`;
    for (const procedure of ["clarifyContext.dreams", "dreams.list", "account.get"]) {
      const begun = performance.now();
      const response = await get(`/api/trpc/${procedure}${query}`);
      const text = await response.text();
      expect(performance.now() - begun).toBeLessThan(1_000);
      expect(response.status).toBeLessThan(500);
      if (response.status >= 400) expect(text.length).toBeLessThanOrEqual(4_096);
    }
    await stillWell();
  });

  it("60 posts of 9.8 MB that never end", async () => {
    const head = (length: string) =>
      `POST /api/trpc/messages.send?batch=1 HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncookie: ${cookie}\r\n${length}\r\n\r\n`;
    const announced = Array.from({ length: 30 }, () => say(head("content-length: 10276044")));
    const chunk = Buffer.from(`40000\r\n${"x".repeat(0x40000)}\r\n`);
    const chunked = Array.from({ length: 30 }, () =>
      say(Buffer.concat([Buffer.from(head("transfer-encoding: chunked")), chunk, chunk])),
    );
    await stillWell();
    await Promise.all([...announced, ...chunked].map(({ closed }) => closed));
    await stillWell();
  });

  it("500 sockets that ask to be upgraded", async () => {
    const upgrades = Array.from({ length: 500 }, () =>
      say("GET / HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n"),
    );
    await Promise.all(upgrades.map(({ closed }) => closed));
    await stillWell();
  });

  it("a batch of 500 calls, of which it makes none", async () => {
    const paths = Array(500).fill("messages.prewarm").join(",");
    const response = await fetch(`${app.url}/api/trpc/${paths}?batch=1`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: "{}",
    });
    expect(response.status).toBe(400);
    expect((await response.text()).length).toBeLessThan(500);
    await stillWell();
  });

  it("ten exports at once, of which it gathers one", async () => {
    const batch = `/api/trpc/${Array(10).fill("account.export").join(",")}?batch=1`;
    const text = await new Promise<string>((resolve, reject) => {
      const asking = httpRequest(
        `${app.url}${batch}`,
        { headers: { cookie, "trpc-accept": "application/jsonl" } },
        (answer) => {
          let body = "";
          answer.on("data", (part) => {
            body += part;
          });
          answer.on("end", () => resolve(body));
        },
      );
      asking.on("error", reject);
      asking.end();
    });
    expect(text.match(/exportedAt/g)).toHaveLength(1);
    expect(text.match(/already being prepared/g)).toHaveLength(9);
    await stillWell();
  });
});
