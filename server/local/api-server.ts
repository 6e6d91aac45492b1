import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";

export interface ApiServer {
  url: string;
  close(): Promise<void>;
}

/** Serves a fetch handler on loopback; port 0 takes a free port. */
export async function serveOnLoopback(fetch: (request: Request) => Promise<Response>, port = 0): Promise<ApiServer> {
  const server = createAdaptorServer({ fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  if (isHttp(server)) server.keepAliveTimeout = 75_000;
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stack's server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      if (isHttp(server)) server.closeAllConnections();
      await closed;
    },
  };
}

function isHttp(server: object): server is Server {
  return "closeAllConnections" in server;
}
