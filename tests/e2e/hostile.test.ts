import { request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppProcess } from "../support/app-process";
import { startApp } from "../support/app-process";
import { launchBrowser } from "../support/browser";
import { signUp, visit } from "./visitor";

// Requests by which one visitor, signed in or not, could harm a production process.

const MAX_RSS_MB = 600;
const ANSWERED_WITHIN_MS = 10_000;

let app: AppProcess;
let browser: Browser;
let cookie: string;
/** The id of the server action behind a form. */
let action: string;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), launchBrowser()]);
  const visitor = await visit(browser, app.url);
  await signUp(visitor.page, "Noa");
  cookie = (await visitor.context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  await visitor.close();
  const page = await (await fetch(`${app.url}/sign-in`)).text();
  action = /[0-9a-f]{42}/.exec(page)?.[0] ?? "";
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

/** Opens a connection and sends a text; resolves with the answer when the server has closed it. */
function say(text: string | Buffer): { socket: Socket; closed: Promise<string> } {
  const { port } = new URL(app.url);
  const socket = connect(Number(port), "localhost");
  let answer = "";
  socket.on("data", (chunk) => {
    if (answer.length < 10_000) answer += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  socket.write(text);
  return { socket, closed: new Promise((resolve) => socket.on("close", () => resolve(answer))) };
}

const CREATE = "/api/trpc/dreams.create";

/** A whole request; the server closes the connection behind its answer. */
function raw(
  method: string,
  path: string,
  { headers = "", body = "" }: { headers?: string; body?: string | Buffer } = {},
) {
  const length = Buffer.byteLength(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${new URL(app.url).host}`,
    "connection: close",
    `cookie: ${cookie}`,
    `origin: ${app.url}`,
  ];
  const head = `${lines.join("\r\n")}\r\n${headers}${length > 0 ? `content-length: ${length}\r\n` : ""}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]);
}
const JSON_TYPE = "content-type: application/json\r\n";
const posted = (body: string | Buffer, more = "") => raw("POST", CREATE, { headers: JSON_TYPE + more, body });
const form = (body: string, more = "") =>
  raw("POST", "/sign-in", { headers: `content-type: multipart/form-data; boundary=x\r\n${more}`, body });
const revived = (values: unknown, json: unknown = { title: { a: 1 } }) =>
  posted(JSON.stringify({ json, meta: { values } }));

const multipart = (parts: Record<string, string>) =>
  [...Object.entries(parts).map(([name, value]) => part(name, value)), "--x--\r\n"].join("");
const part = (name: string, value: string) =>
  `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

const called = (id: string) => `next-action: ${id}\r\n`;
const submitted = () => "";
const bound = (id: string, state: string) => ({
  $ACTION_REF_1: "",
  "$ACTION_1:0": JSON.stringify({ id, bound: "$@1" }),
  "$ACTION_1:1": state,
});

/** Forms for a server action that exists. */
const madeUpForms: Record<string, [(id: string) => Record<string, string>, (id: string) => string]> = {
  "a call of an action with nothing": [() => ({ "0": "[]" }), called],
  "a call of an action without a form": [() => ({ "0": '[null,"a text"]' }), called],
  "a call of an action with no JSON": [() => ({ "0": "nonsense" }), called],
  "a call of an action with a function": [() => ({ "0": '["$F2","$K1"]', "2": "{}" }), called],
  "a call of an action with a promise in disguise": [() => ({ "0": '[{"a":"\\u0024@2"},"$K1"]' }), called],
  "a form for an action by its id": [(id) => ({ [`$ACTION_ID_${id}`]: "" }), submitted],
  "a form for an action with no JSON": [(id) => bound(id, "nonsense"), submitted],
  "a form for an action without a state": [(id) => bound(id, "[]"), submitted],
  "a form for two actions": [(id) => ({ ...bound(id, "[null]"), $ACTION_REF_2: "" }), submitted],
};

/** Requests that no page sends, with the statuses that may answer them. */
const requests: [what: string, statuses: number[], request: () => string | Buffer][] = [
  ["a body of 300 kB", [413], () => posted("x".repeat(300_000))],
  ["100,000 lists in each other", [400], () => posted("[".repeat(100_000))],
  ["30,000 objects in each other", [400], () => posted(`${'{"a":'.repeat(30_000)}1${"}".repeat(30_000)}`)],
  ["100,000 numbers", [400], () => posted(`[${"1,".repeat(99_999)}1]`)],
  ["a class to revive", [400], () => revived({ title: [["class", "Error"]] })],
  ["a symbol to revive", [400], () => revived({ title: [["symbol", "iterator"]] })],
  ["a custom type to revive", [400], () => revived({ title: [["custom", "x"]] })],
  ["a map to revive", [400], () => revived({ title: ["map"] }, { title: [["constructor", 1]] })],
  ["a slow pattern to revive", [400], () => revived({ title: ["regexp"] }, { title: "/(a+)+$/" })],
  ["a path to a prototype", [400], () => revived({ "__proto__.polluted": ["Date"] })],
  ["a path to a constructor", [400], () => revived({ "constructor.prototype.polluted": ["Date"] })],
  ["__proto__", [400], () => posted('{"title":"a","__proto__":{"polluted":true}}')],
  ["constructor", [400], () => posted('{"title":"a","constructor":{"prototype":{"polluted":true}}}')],
  ["an escaped __proto__", [400], () => posted('{"title":"a","\\u005f_proto__":{"polluted":true}}')],
  ["bytes that are no UTF-8", [400], () => posted(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]))],
  ["half a character at the end", [400], () => posted(Buffer.from([0x22, 0xe2, 0x82]))],
  ["half a surrogate pair", [400], () => posted('{"title":"\\ud800"}')],
  [
    "what says that it is compressed",
    [400],
    () => posted(Buffer.from([0x1f, 0x8b, 8, 0]), "content-encoding: gzip\r\n"),
  ],
  ["1,000 calls", [400], () => raw("GET", `/api/trpc/${Array(1_000).fill("account.get").join(",")}?batch=1&input={}`)],
  ["a list instead of a batch", [400], () => raw("POST", `${CREATE}?batch=1`, { headers: JSON_TYPE, body: "[]" })],
  ["a negative length", [400], () => raw("POST", CREATE, { headers: `${JSON_TYPE}content-length: -1\r\n` })],
  [
    "a length of twenty digits",
    [400],
    () => raw("POST", CREATE, { headers: `${JSON_TYPE}content-length: 99999999999999999999\r\n` }),
  ],
  ["two lengths", [400], () => posted("{}", "content-length: 3\r\n")],
  ["a length and pieces", [400], () => posted("0\r\n\r\n", "transfer-encoding: chunked\r\n")],
  [
    "a piece without a size",
    [400],
    () => `${raw("POST", CREATE, { headers: `${JSON_TYPE}transfer-encoding: chunked\r\n` })}ZZ\r\n`,
  ],
  ["a header of 100 kB", [431], () => raw("GET", "/", { headers: `x: ${"y".repeat(100_000)}\r\n` })],
  [
    "5,000 headers",
    [431],
    () => raw("GET", "/", { headers: Array.from({ length: 5_000 }, (_, n) => `x${n}: y\r\n`).join("") }),
  ],
  ["an address of 30 kB", [431], () => raw("GET", `/${"a".repeat(30_000)}`)],
  ["a header in two lines", [400], () => raw("GET", "/", { headers: "x: a\r\n b\r\n" })],
  ["no host", [400], () => "GET / HTTP/1.1\r\nconnection: close\r\n\r\n"],
  ["another protocol", [400], () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["no HTTP", [400], () => Buffer.from([0x16, 3, 1, 0, 0xa5, 13, 10, 13, 10])],
  ["PUT", [405], () => raw("PUT", CREATE, { headers: JSON_TYPE, body: "{}" })],
  ["DELETE of a page", [405], () => raw("DELETE", "/dreams")],
  ["TRACE", [405], () => raw("TRACE", "/")],
  ["PROPFIND", [405], () => raw("PROPFIND", CREATE)],
  ["an invented method", [400], () => raw("BREW", CREATE)],
  ["HEAD of a procedure", [204], () => raw("HEAD", CREATE)],
  ["OPTIONS of everything", [400], () => raw("OPTIONS", "*")],
  ["half a character in the path of a procedure", [400], () => raw("GET", "/api/trpc/%E0%A4%A")],
  ["half a character in the path of a page", [400], () => raw("GET", "/clarify/%E0%A4%A")],
  ["half a character in a question", [200], () => raw("GET", "/dreams?x=%E0%A4%A")],
  ["a path above the root", [404], () => raw("GET", "/_next/static/%2e%2e/%2e%2e/package.json")],
  ["an image from elsewhere", [400], () => raw("GET", "/_next/image?url=http%3A%2F%2F169.254.169.254%2F&w=64&q=75")],
  [
    "a state of the router that is none",
    [200, 307, 400],
    () => raw("GET", "/dreams", { headers: "rsc: 1\r\nnext-router-state-tree: %%%\r\n" }),
  ],
  ["half a form", [400], () => form("--x\r\nnope")],
  [
    "a form without a boundary",
    [400],
    () => raw("POST", "/sign-in", { headers: "content-type: multipart/form-data\r\n", body: "abc" }),
  ],
  [
    "a server action without a form",
    [400],
    () =>
      raw("POST", "/sign-in", {
        headers: `next-action: ${"0".repeat(42)}\r\ncontent-type: text/plain\r\n`,
        body: '["$F1"]',
      }),
  ],
  [
    "a server action that does not exist",
    [404, 409],
    () => form(multipart({ "0": '[null,"$K1"]' }), called("0".repeat(42))),
  ],
  ...Object.entries(madeUpForms).map(([what, [parts, headers]]): (typeof requests)[number] => [
    what,
    [400],
    () => form(multipart(parts(action)), headers(action)),
  ]),
  [
    "an event of the database without the secret",
    [401, 503],
    () => raw("POST", "/api/hooks/database", { headers: JSON_TYPE, body: "{}" }),
  ],
  ["another service with the name of a prototype", [404], () => raw("GET", "/auth/oauth/__proto__")],
];

describe("a production process refuses", () => {
  it.each(requests)("%s", async (_what, statuses, request) => {
    const begun = performance.now();
    const { socket, closed } = say(request());
    const answer = await Promise.race([closed, pause(ANSWERED_WITHIN_MS).then(() => "nothing in time")]);
    socket.destroy();
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
    expect(statuses, answer.slice(0, 300)).toContain(status);
    expect(performance.now() - begun).toBeLessThan(ANSWERED_WITHIN_MS);
  });

  it("a body that stops arriving, and answers others meanwhile", async () => {
    const head = `POST ${CREATE} HTTP/1.1\r\nhost: x\r\n${JSON_TYPE}cookie: ${cookie}\r\ncontent-length: 100\r\n\r\n`;
    const slow = Array.from({ length: 200 }, () => say(`${head}{`));
    await stillWell();
    for (const { socket } of slow) socket.destroy();
    await stillWell();
  });

  it("and keeps well after all of them", stillWell);
});

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
