import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command, RedisExecutor } from "./executor";
import { ReplyError } from "./executor";
import type { Fault } from "./fault";

export interface SeenRequest {
  path: string;
  commands: readonly Command[];
}

interface RestServerOptions {
  executor: RedisExecutor;
  token?: string;
  /** Added to every request, in milliseconds. */
  latencyMs?: number;
  port?: number;
}

/** An HTTP server like Upstash's: `POST /` with one command, `/pipeline` and `/multi-exec` with several. */
export class RestServer {
  readonly token: string;
  /** Set to misbehave; only `refuse` needs the methods below. */
  fault: Fault = { kind: "none" };
  latencyMs: number;
  requests = 0;
  commands = 0;
  /** Called with a request before it is run; may delay it. */
  onRequest: ((request: SeenRequest) => Promise<void> | undefined) | undefined;
  readonly #executor: RedisExecutor;
  #server: Server;
  #port: number;

  private constructor({ executor, token = "test-token", latencyMs = 0, port = 0 }: RestServerOptions) {
    this.#executor = executor;
    this.token = token;
    this.latencyMs = latencyMs;
    this.#port = port;
    this.#server = this.#create();
  }

  static async start(options: RestServerOptions): Promise<RestServer> {
    const server = new RestServer(options);
    await server.#listen();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  resetCounters(): void {
    this.requests = 0;
    this.commands = 0;
  }

  /** Stops listening and drops every connection, so that the next request is refused. */
  async refuse(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Listens on the same port again. */
  async accept(): Promise<void> {
    this.#server = this.#create();
    await this.#listen();
  }

  /** Does not close the executor. */
  async close(): Promise<void> {
    if (this.#server.listening) await this.refuse();
  }

  #create(): Server {
    return createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const body = await read(request);
    const { fault } = this;
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      return send(response, 401, { error: "WRONGPASS invalid or missing auth token" });
    }
    if (request.method !== "POST") return send(response, 405, { error: "ERR method not allowed" });
    const path = request.url ?? "/";
    const single = path === "/";
    if (!single && path !== "/pipeline" && path !== "/multi-exec")
      return send(response, 404, { error: "ERR not found" });
    const commands: readonly Command[] = single ? [JSON.parse(body)] : JSON.parse(body);
    this.commands += commands.length;

    if (this.latencyMs > 0) await sleep(this.latencyMs);
    if (fault.kind === "delay") await sleep(fault.ms);
    await this.onRequest?.({ path, commands });
    const lost = (fault.kind === "hang" || fault.kind === "truncated") && fault.applied;
    const replies = fault.kind === "none" || fault.kind === "delay" || lost ? await this.#run(commands) : [];
    switch (fault.kind) {
      case "hang":
        return;
      case "refuse":
        return void response.destroy();
      case "status":
        return send(response, fault.status, { error: `ERR status ${fault.status}` });
      case "error":
        return send(response, 400, { error: fault.message });
      case "html":
        return sendText(response, 502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>");
      case "nonsense":
        return sendText(response, 200, "application/json", fault.body);
      case "truncated":
        return sendText(response, 200, "application/json", '{"result":[[1,2,"eyJq');
      default: {
        const encoded = request.headers["upstash-encoding"] === "base64";
        const results = replies.map((reply) =>
          encoded && "result" in reply ? { result: base64(reply.result) } : reply,
        );
        const [first] = results;
        if (!single) return send(response, 200, results);
        return send(response, first && "error" in first ? 400 : 200, first);
      }
    }
  }

  // Sent without waiting in between, so that one HTTP request's commands stay together and in order.
  #run(commands: readonly Command[]): Promise<({ result: unknown } | { error: string })[]> {
    return Promise.all(
      commands.map((command) =>
        this.#executor.call(command).then(
          (result) => ({ result }),
          (error: unknown) => {
            if (error instanceof ReplyError) return { error: error.message };
            throw error;
          },
        ),
      ),
    );
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let body = "";
  request.setEncoding("utf8");
  for await (const chunk of request) body += chunk;
  return body;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, "application/json", JSON.stringify(body));
}

function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(text);
}

function base64(value: unknown): unknown {
  if (typeof value === "string") return value === "OK" ? value : Buffer.from(value).toString("base64");
  return Array.isArray(value) ? value.map(base64) : value;
}
