import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { assertPortFree, readPort } from "@/server/local/ports";

const opened: ReturnType<typeof createServer>[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function occupy(host: string): Promise<number> {
  const server = createServer();
  opened.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("PORT", () => {
  test.each([
    [undefined, 3000],
    ["", 3000],
    ["  ", 3000],
    ["8080", 8080],
    [" 8080 ", 8080],
    ["1", 1],
    ["65535", 65_535],
  ])("%o is %i", (value, port) => {
    expect(readPort(value)).toBe(port);
  });

  test.each(["0", "65536", "-1", "80.5", "0x50", "http", "3000a"])("%o is refused by name", (value) => {
    expect(() => readPort(value)).toThrow(`PORT is "${value}"`);
  });
});

test.each(["127.0.0.1", "0.0.0.0"])("a port that is taken on %s is refused, naming PORT", async (host) => {
  const port = await occupy(host);
  await expect(assertPortFree(port)).rejects.toThrow(new RegExp(`Port ${port} is taken.*set PORT`));
});

test("a port that is free stays free", async () => {
  const port = await occupy("127.0.0.1");
  await new Promise((resolve) => opened.pop()?.close(resolve));
  await assertPortFree(port);
  await assertPortFree(port);
});
