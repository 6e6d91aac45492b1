import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { guardHttpServers, MAX_BODY_BYTES, PEER_HEADER } from "@/server/http-guard";
import { StaticFiles } from "@/server/static-files";

// A server like that of Next.js: it answers no upgrade, and reads every body to its end before it answers.

let trusted = true;
const servers = guardHttpServers(() => trusted, new StaticFiles());

const server = createServer(async (request, response) => {
  let bytes = 0;
  try {
    for await (const chunk of request) bytes += chunk.length;
    response.setHeader("peer", request.headers[PEER_HEADER] ?? "");
    response.setHeader("visitor", request.headers["x-forwarded-for"] ?? "");
    response.end(String(bytes));
  } catch {
    response.destroy();
  }
});
server.on("upgrade", () => {});

beforeEach(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

/** Sends text on a connection of its own; resolves with the whole answer when the server has closed it. */
async function send(...parts: string[]): Promise<string> {
  const socket: Socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString();
  });
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.on("close", resolve));
  for (const part of parts) socket.write(part);
  await closed;
  return answer;
}

const head = (...headers: string[]) =>
  `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers.join("\r\n")}\r\n\r\n`;

it("closes a request to upgrade, which nothing here answers", async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      send("GET / HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n"),
    ),
  );
  expect(new Set(answers.map((answer) => answer.split("\r\n")[0]))).toEqual(new Set(["HTTP/1.1 426 Upgrade Required"]));
});

it.each(["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])("answers %s with what it takes instead", async (method) => {
  const answer = await send(`${method} / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 405 /);
  expect(answer).toContain("\r\nallow: GET, HEAD, POST, OPTIONS\r\n");
});

it.each(["/a/%E0%A4%A", "/%ff", "*", "http://example.com/"])("refuses the address %s", async (address) => {
  expect(await send(`OPTIONS ${address} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /);
});

it("gives a request a minute to arrive", () => {
  expect(server.requestTimeout).toBe(60_000);
});

it("refuses a body by what it announces, before a byte of it is there", async () => {
  const answer = await send(head(`content-length: ${MAX_BODY_BYTES + 1}`));
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  expect(answer).toContain("A request can have at most 256 kB.");
});

it("refuses a body in chunks as soon as it is larger, though it never ends", async () => {
  const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
  const answer = await send(head("transfer-encoding: chunked"), ...Array.from({ length: 17 }, () => chunk));
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
});

it("lets a body of just the limit through", async () => {
  const answer = await send(head(`content-length: ${MAX_BODY_BYTES}`), "x".repeat(MAX_BODY_BYTES));
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
  expect(answer).toContain(String(MAX_BODY_BYTES));
});

it("adds the address of the socket to those that the client claims", async () => {
  const lines = (answer: string) => answer.split("\r\n");
  expect(lines(await send(head("content-length: 0")))).toContain("peer: 127.0.0.1");
  const claimed = await send(head("content-length: 0", `${PEER_HEADER}: 192.0.2.1`, `${PEER_HEADER}: ::1`));
  expect(lines(claimed)).toContain("peer: 192.0.2.1, ::1, 127.0.0.1");
});

it("takes a visitor's address from a proxy that is trusted, and from nobody else", async () => {
  const claimed = head("content-length: 0", "x-forwarded-for: 203.0.113.9", "x-forwarded-for: 192.0.2.1");
  trusted = true;
  expect(await send(claimed)).toContain("\r\nvisitor: 203.0.113.9\r\n");
  trusted = false;
  expect(await send(claimed)).toContain("\r\nvisitor: 127.0.0.1\r\n");
});

it("is closed as soon as the last request is answered, whose connection the client keeps", async () => {
  server.keepAliveTimeout = 0; // Never.
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const request = once(server, "request");
  socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n");
  await request;
  const closed = servers.close(60_000);
  const answer = text(socket);
  socket.write("x");
  await closed;
  expect(await answer).toMatch(/^HTTP\/1.1 200 /);
});
