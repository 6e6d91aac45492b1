import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { StaticFiles } from "@/server/static-files";

const SCRIPT = "console.log('a script');\n".repeat(100);

const files = new StaticFiles();
const server = createServer((request, response) => {
  if (!files.answer(request, response)) response.end("Next.js");
});
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "static-"));
  await mkdir(join(folder, "chunks"));
  await writeFile(join(folder, "chunks", "[a] script.js"), SCRIPT);
  await writeFile(join(folder, "chunks", "picture.png"), "no text");
  await writeFile(join(folder, "..", "outside.js"), SCRIPT);
  await files.load(folder);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
  await rm(join(folder, "..", "outside.js"));
});

interface Asked {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
}

async function ask({ path = "/_next/static/chunks/%5Ba%5D%20script.js", method = "GET", headers = {} }: Asked) {
  const { port } = server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { port, path, method, headers: { "accept-encoding": "gzip, deflate, br, zstd", ...headers } };
    get(options, resolve).on("error", reject);
  });
  return { headers: response.headers, body: await buffer(response) };
}

it.each(["", "?dpl=a-deployment"])("sends a script as it was compressed, for good (%s)", async (query) => {
  const { headers, body } = await ask({ path: `/_next/static/chunks/%5Ba%5D%20script.js${query}` });
  expect(headers).toMatchObject({
    "content-type": "application/javascript; charset=UTF-8",
    "content-encoding": "br",
    "content-length": String(body.length),
    "cache-control": "public, max-age=31536000, immutable",
    vary: "accept-encoding",
  });
  expect(brotliDecompressSync(body).toString()).toBe(SCRIPT);
});

it.each<[string, Asked]>([
  ["a browser without Brotli", { headers: { "accept-encoding": "gzip" } }],
  ["a browser that refuses Brotli", { headers: { "accept-encoding": "gzip, br;q=0" } }],
  ["a part of a file", { headers: { range: "bytes=0-9" } }],
  ["a question whether it changed", { headers: { "if-none-match": '"x"' } }],
  ["a file of another kind", { path: "/_next/static/chunks/picture.png" }],
  ["a file that is not there", { path: "/_next/static/chunks/other.js" }],
  ["a file elsewhere", { path: "/_next/static/../outside.js" }],
  ["another address", { path: "/chunks/%5Ba%5D%20script.js" }],
])("leaves %s to Next.js", async (_name, asked) => {
  expect((await ask(asked)).body.toString()).toBe("Next.js");
});

it("has no files where the build is served by something else", async () => {
  await expect(new StaticFiles().load(join(folder, "missing"))).resolves.toBeUndefined();
});
