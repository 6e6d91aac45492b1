import type { ServerResponse } from "node:http";
import { IncomingMessage, Server } from "node:http";
import { Duplex } from "node:stream";
import type { StaticFiles } from "./static-files";
import type { TrustsProxy } from "./trusted-proxies";
import { visitorAddress } from "./trusted-proxies";

/** The largest body of any request, in bytes. */
export const MAX_BODY_BYTES = 256 * 1024;

/** How long a request may take to arrive, headers and body, in milliseconds. Node.js answers a slower one with 408. */
export const ARRIVAL_MS = 60_000;

/** What pages and routes are asked by. Next.js answers some other methods with a page, and some with 500. */
const METHODS: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "POST", "OPTIONS"]);

/** How long a refused sender may go on sending before the connection is closed, in milliseconds. */
const LINGER_MS = 2_000;

/**
 * The request header with the addresses that a request came from, as the sockets have them. A server action that redirects
 * makes Next.js send a request of its own with the same headers, so each socket adds its address.
 */
export const PEER_HEADER = "x-clarify-peer";

/** The servers of the process. */
export interface HttpServers {
  /** Accepts no further connection. Resolves when all requests have been answered, or closed after `withinMs`. */
  close(withinMs: number): Promise<void>;
}

/**
 * Refuses at the socket what Next.js would hold: `Upgrade` requests, which its production server never answers, bodies
 * larger than `MAX_BODY_BYTES`, of which it would buffer up to 10 MB before any of our code runs, and bodies that arrive
 * too slowly. Refuses methods and addresses on which it fails. Also makes
 * `x-forwarded-for` the visitor's address, because Next.js keeps what the client sent, and notes the sender's address in
 * `PEER_HEADER`. Answers requests for the files of the build. Next.js creates the server, so this wraps the events of every
 * HTTP server of the process. Call it once, when the process starts.
 */
export function guardHttpServers(trusts: TrustsProxy, files: Pick<StaticFiles, "answer">): HttpServers {
  const servers = new Set<Server>();
  const emit = Server.prototype.emit;
  Server.prototype.emit = function guarded(this: Server, event: string | symbol, ...args: unknown[]): boolean {
    if (event === "listening") {
      servers.add(this);
      this.requestTimeout = ARRIVAL_MS;
    }
    const [request, answer] = args;
    if (event === "upgrade" && answer instanceof Duplex) return refuseUpgrade(answer);
    if (event === "request" && request instanceof IncomingMessage && isResponse(answer)) {
      answer.once("close", () => {
        // A server that closes keeps the connections of the requests that it still answers, though nothing comes on them.
        if (!this.listening) this.closeIdleConnections();
      });
      if (!METHODS.has(request.method)) return refuse(answer, 405, "This method is not supported.");
      if (!isAddress(request.url)) return refuse(answer, 400, "The address is not well-formed.");
      if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) return refuseBody(request, answer);
      capBody(request, answer);
      noteAddresses(request, trusts);
      if (files.answer(request, answer)) return true;
    }
    return Reflect.apply(emit, this, [event, ...args]);
  };
  return {
    async close(withinMs) {
      await Promise.all([...servers].map((server) => closeServer(server, withinMs)));
    },
  };
}

async function closeServer(server: Server, withinMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), withinMs);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(cut);
}

function isResponse(value: unknown): value is ServerResponse {
  return typeof value === "object" && value !== null && "writeHead" in value;
}

/** A path, as a browser sends it, whose percent signs say something. */
function isAddress(url = ""): boolean {
  if (!url.startsWith("/")) return false;
  try {
    decodeURIComponent(url.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

function refuse(response: ServerResponse, status: 400 | 405 | 413, error: string): boolean {
  const allow = status === 405 ? { allow: [...METHODS].join(", ") } : {};
  response.writeHead(status, { connection: "close", "content-type": "application/json", ...allow });
  response.end(JSON.stringify({ error }));
  return true;
}

function noteAddresses({ headers, socket }: IncomingMessage, trusts: TrustsProxy): void {
  const peer = socket.remoteAddress ?? "unknown";
  headers["x-forwarded-for"] = visitorAddress(peer, [headers["x-forwarded-for"] ?? []].flat().join(), trusts);
  headers[PEER_HEADER] = [headers[PEER_HEADER] ?? [], peer].flat().join(", ");
}

/** Counts the bytes that arrive, because a chunked body announces no length. */
function capBody(request: IncomingMessage, response: ServerResponse): void {
  const push = request.push;
  let bytes = 0;
  request.push = function capped(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk instanceof Uint8Array) bytes += chunk.byteLength;
    if (bytes <= MAX_BODY_BYTES) return Reflect.apply(push, this, [chunk, encoding]);
    // What arrives from here on is discarded, until the connection is closed.
    request.push = () => true;
    return refuseBody(request, response);
  };
}

function refuseBody(request: IncomingMessage, response: ServerResponse): boolean {
  if (!response.headersSent) refuse(response, 413, `A request can have at most ${MAX_BODY_BYTES / 1024} kB.`);
  // Reads and discards for a moment, so that a sender that is still sending can read the answer.
  request.resume();
  setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  return true;
}

function refuseUpgrade(socket: Duplex): boolean {
  socket.on("error", () => socket.destroy());
  socket.end("HTTP/1.1 426 Upgrade Required\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", () => socket.destroy());
  return true;
}
