import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface DeafProxy {
  url: string;
  close(): Promise<void>;
}

/** A proxy that reads every answer to its end even after the client has left, as some real ones do. */
export async function startDeafProxy(appPort: number): Promise<DeafProxy> {
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const passedOn = request({ host: "localhost", port: appPort, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on("data", (chunk: Buffer) => outgoing.destroyed || outgoing.write(chunk));
      answer.on("end", () => outgoing.end());
    });
    passedOn.on("error", () => outgoing.destroy());
    incoming.pipe(passedOn);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
