import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";

export interface MuteProxy {
  url: string;
  /** Stops all bytes on the open connections, which stay open. New connections work. */
  fallSilent(): void;
  close(): Promise<void>;
}

/** A proxy whose connections can die without notice, as they do behind some routers. */
export async function startMuteProxy(appPort: number): Promise<MuteProxy> {
  const open = new Set<{ client: Socket; app: Socket }>();
  const server = createServer((client) => {
    const app = connect(appPort, "localhost");
    const pair = { client, app };
    open.add(pair);
    client.pipe(app).pipe(client);
    for (const socket of [client, app]) {
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(pair);
        client.destroy();
        app.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    fallSilent() {
      for (const { client, app } of open) {
        client.unpipe();
        app.unpipe();
        for (const socket of [client, app]) socket.resume();
      }
    },
    async close() {
      for (const { client, app } of open) {
        client.destroy();
        app.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
