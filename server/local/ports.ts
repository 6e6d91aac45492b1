import { createServer } from "node:net";
import { StartError } from "./start-error";

export const DEFAULT_PORT = 3000;

/**
 * The port in PORT; the default if it is unset or blank.
 * @throws {StartError} for any other value that is not a port.
 */
export function readPort(value: string | undefined): number {
  const text = value?.trim() ?? "";
  if (text === "") return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new StartError(`PORT is "${text}", which is not a port. Set it to a number from 1 to 65535.`);
}

// A server on any of these addresses conflicts with one on "localhost".
const ADDRESSES = ["127.0.0.1", "::1", "0.0.0.0", "::"];

/** @throws {StartError} naming PORT, when the port is in use or not permitted. */
export async function assertPortFree(port: number): Promise<void> {
  for (const address of ADDRESSES) {
    const code = await tryListening(port, address);
    if (code === "EADDRINUSE") {
      throw new StartError(
        `Port ${port} is taken. Stop what runs there, or set PORT to another one: PORT=${another(port)} npm start`,
      );
    }
    if (code === "EACCES") {
      throw new StartError(`Port ${port} may not be used by this account. Set PORT to a number above 1023.`);
    }
  }
}

const another = (port: number) => (port < 65_535 ? port + 1 : DEFAULT_PORT);

/** The error code of listening there; null on success, and when the machine has no such address. */
function tryListening(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen({ port, host, ipv6Only: host === "::" }, () => server.close(() => resolve(null)));
  });
}
