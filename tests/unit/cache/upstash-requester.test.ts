import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { UpstashRequester } from "@/server/cache/upstash/upstash-requester";

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** A requester for a server with this answer, under a path of its own. */
async function reach(answer: RequestListener): Promise<UpstashRequester> {
  const server = createServer(answer);
  cleanUps.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return new UpstashRequester({ url: `http://127.0.0.1:${port}/behind/`, token: "secret", timeoutMs: 100 });
}

test("asks under the path that it was given, and shows the token", async () => {
  const seen: Pick<IncomingMessage, "url" | "headers">[] = [];
  const requester = await reach(({ url, headers }, response) => {
    seen.push({ url, headers });
    response.end("{}");
  });
  await requester.request({ body: ["PING"] });
  await requester.request({ path: ["pipeline"], body: [["PING"]] });
  expect(seen.map(({ url }) => url)).toEqual(["/behind", "/behind/pipeline"]);
  expect(seen[0]?.headers.authorization).toBe("Bearer secret");
});

test("gives up on an answer that stops in its middle", async () => {
  const requester = await reach((_request, response) => {
    response.writeHead(200, { "content-length": 100 }).write('{"result":');
  });
  await expect(requester.request({ body: ["PING"] })).rejects.toMatchObject({ name: "StoreError", code: "timeout" });
});
