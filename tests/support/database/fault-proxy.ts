import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A fault: slow, held until removed, silent, cut off, failing as an API does, or answered by what is not the API. The
 * kinds of the second half pass the request on and spoil its answer.
 */
export type Fault =
  | { kind: "delay"; ms: number }
  /** With `applied` it is passed on first, and its answer is held. */
  | { kind: "hold"; applied?: boolean }
  /** With `applied` it is passed on first. */
  | { kind: "hang"; applied?: boolean }
  | { kind: "refuse" }
  | { kind: "error"; status?: number; body?: unknown }
  | { kind: "html"; status?: number }
  /** Refuses in every second period of this length. */
  | { kind: "flap"; everyMs: number }
  /** There is no answer. */
  | { kind: "lost" }
  /** The answer ends in the middle. */
  | { kind: "cut" }
  /** The answer has a byte in its middle that belongs into no JSON. */
  | { kind: "corrupt" }
  /** The answer comes in pieces of at most so many bytes, with pauses. */
  | { kind: "drip"; bytes: number; everyMs: number };

export interface SeenRequest {
  method: string;
  /** Path and query. */
  path: string;
  /** The id of the person whose token it has; null for any other. */
  caller: string | null;
  body: string;
  /** Whether the API has answered what is held or then hangs. */
  answered: boolean;
}

/** Which requests: those whose "METHOD /path" matches, or those that it says. */
export type Where = RegExp | ((request: SeenRequest) => boolean);

export interface FaultProxy {
  url: string;
  /** Every request so far, faulty or not, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** How many requests matched, as in `count(/rest\/v1\/dreams/)`; without a pattern, all of them. */
  count(where?: Where): number;
  /** Forgets the requests so far. */
  forget(): void;
  /** Makes requests fail. Returns a function that removes the fault. */
  inject(fault: Fault, where?: Where): () => void;
  /** Removes all faults. Requests that hang go on hanging. */
  heal(): void;
  /** Resolves when this many matching requests have arrived. */
  arrived(count: number, where?: Where): Promise<void>;
  close(): Promise<void>;
}

const HOP_BY_HOP = new Set([
  "host",
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "content-encoding",
]);

/** A proxy in front of the REST API that counts requests and makes them fail on demand. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let requests: SeenRequest[] = [];
  interface Rule {
    fault: Fault;
    where: Where;
    removed: PromiseWithResolvers<void>;
  }
  let faults: Rule[] = [];
  const waiting = new Set<() => void>();
  const matching = (where: Where) => requests.filter((request) => isAt(request, where)).length;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/" } = request;
    const body = await text(request);
    const seen = { method, path, caller: callerOf(request.headers.authorization), body, answered: false };
    requests.push(seen);
    for (const check of waiting) check();
    const rule = faults.find(({ where }) => isAt(seen, where));
    const fault = rule?.fault;
    const passOn = (how: Passing = {}) => forward({ target, request, body }, response, how);
    switch (fault?.kind) {
      case "hang":
        if (!fault.applied) return;
        await passOn({ fault });
        seen.answered = true;
        return;
      case "refuse":
        request.socket.destroy();
        return;
      case "error":
        response.writeHead(fault.status ?? 500, { "content-type": "application/json" });
        response.end(JSON.stringify(fault.body ?? { code: "XX000", message: "injected", details: null, hint: null }));
        return;
      case "html":
        response.writeHead(fault.status ?? 502, { "content-type": "text/html" });
        response.end("<html><body><h1>Bad gateway</h1></body></html>");
        return;
      case "delay":
        await delay(fault.ms);
        return passOn();
      case "hold":
        if (!fault.applied) await rule?.removed.promise;
        return passOn({
          async onAnswer() {
            seen.answered = true;
            await rule?.removed.promise;
          },
        });
      case "flap":
        if (Math.floor(performance.now() / fault.everyMs) % 2 === 0) return passOn();
        request.socket.destroy();
        return;
      default:
        return passOn({ fault });
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  // Idle connections stay open, because reusing one that is just being closed would look like a fault.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port");

  return {
    url: `http://127.0.0.1:${address.port}`,
    get requests() {
      return requests;
    },
    count: (where = /./) => matching(where),
    forget() {
      requests = [];
    },
    inject(fault, where = /./) {
      const rule = { fault, where, removed: Promise.withResolvers<void>() };
      faults = [rule, ...faults];
      return () => {
        faults = faults.filter((other) => other !== rule);
        rule.removed.resolve();
      };
    },
    heal() {
      for (const { removed } of faults) removed.resolve();
      faults = [];
    },
    arrived(count, where = /./) {
      return new Promise((resolve) => {
        const check = () => {
          if (matching(where) < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function isAt(request: SeenRequest, where: Where): boolean {
  return where instanceof RegExp ? where.test(`${request.method} ${request.path}`) : where(request);
}

function callerOf(authorization = ""): string | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(authorization.split(".")[1] ?? "", "base64url").toString());
    return typeof claims === "object" && claims !== null && "sub" in claims ? String(claims.sub) : null;
  } catch {
    return null;
  }
}

type Spoiled = Extract<Fault, { kind: "hang" | "lost" | "cut" | "corrupt" | "drip" }>;

/** What happens to an answer on its way back. */
interface Passing {
  fault?: Spoiled | undefined;
  /** Called when the whole answer has come. It is passed back when this resolves. */
  onAnswer?: () => Promise<void>;
}

async function forward(
  { target, request, body }: { target: string; request: IncomingMessage; body: string },
  response: ServerResponse,
  { fault, onAnswer }: Passing,
): Promise<void> {
  const left = new AbortController();
  response.once("close", () => left.abort());
  // What was delayed does not arrive any more when its sender has given it up.
  if (response.destroyed) return;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) headers.set(name, String(value));
  }
  const answer = await fetch(`${target}${request.url}`, {
    method: request.method ?? "GET",
    headers,
    body: body === "" ? null : body,
    redirect: "manual",
    signal: left.signal,
  });
  if (fault?.kind === "lost" || fault?.kind === "hang") {
    await answer.arrayBuffer();
    if (fault.kind === "lost") request.socket.destroy();
    return;
  }
  if (onAnswer) {
    const whole = await answer.bytes();
    await onAnswer();
    response.writeHead(answer.status, passedBack(answer));
    response.end(whole);
    return;
  }
  response.writeHead(answer.status, passedBack(answer));
  for await (const piece of spoil(answer.body ?? [], fault)) {
    if (piece === "end here") return void response.destroy();
    response.write(piece);
  }
  response.end();
}

function passedBack(answer: Response): string[] {
  return [...answer.headers].filter(([name]) => !HOP_BY_HOP.has(name)).flat();
}

/** The pieces of an answer, as its client gets them. */
async function* spoil(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  fault: Spoiled | undefined,
): AsyncGenerator<Uint8Array | "end here"> {
  let last: Uint8Array | undefined;
  for await (const piece of body) {
    switch (fault?.kind) {
      case "cut":
        if (last) yield last;
        last = piece;
        break;
      case "corrupt": {
        const middle = piece.length >> 1;
        yield piece.subarray(0, middle);
        yield Buffer.from([0]);
        yield piece.subarray(middle);
        break;
      }
      case "drip":
        for (let at = 0; at < piece.length; at += fault.bytes) {
          yield piece.subarray(at, at + fault.bytes);
          await delay(fault.everyMs);
        }
        break;
      default:
        yield piece;
    }
  }
  if (fault?.kind !== "cut") return;
  if (last) yield last.subarray(0, last.length >> 1);
  yield "end here";
}
