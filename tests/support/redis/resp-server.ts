import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command, RedisExecutor } from "./executor";
import { ReplyError } from "./executor";
import type { Fault } from "./fault";
import type { SeenRequest } from "./rest-server";

interface RespServerOptions {
  executor: RedisExecutor;
  /** Added to every request, in milliseconds. */
  latencyMs?: number;
}

/** What a client sends when it connects; answered at once, with any fault. */
const GREETINGS: Record<string, string> = {
  INFO: bulk("redis_version:7.0.0\r\nloading:0\r\n"),
  CLIENT: "+OK\r\n",
  SELECT: "+OK\r\n",
};

/** A Redis over TCP that runs commands on an executor, and misbehaves on demand. */
export class RespServer {
  /** Set to misbehave; only `refuse` needs the methods below. */
  fault: Fault = { kind: "none" };
  latencyMs: number;
  /** Commands that arrive together count as one request. */
  requests = 0;
  commands = 0;
  /** Called with a request before it is run; may delay it. */
  onRequest: ((request: SeenRequest) => Promise<void> | undefined) | undefined;
  readonly #executor: RedisExecutor;
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #port = 0;

  private constructor({ executor, latencyMs = 0 }: RespServerOptions) {
    this.#executor = executor;
    this.latencyMs = latencyMs;
    this.#server = this.#create();
  }

  static async start(options: RespServerOptions): Promise<RespServer> {
    const server = new RespServer(options);
    await server.#listen();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  resetCounters(): void {
    this.requests = 0;
    this.commands = 0;
  }

  /** Stops listening and drops every connection, so that the next one is refused. */
  async refuse(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
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
    return createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => socket.destroy());
      let unread = "";
      let answered = Promise.resolve();
      socket.setEncoding("latin1");
      socket.on("data", (chunk: string) => {
        const { commands, rest } = parseCommands(unread + chunk);
        unread = rest;
        if (commands.length === 0) return;
        const onItsWay = this.latencyMs > 0 ? sleep(this.latencyMs) : undefined;
        // One after the other, as Redis answers; a request that is never answered blocks those after it.
        answered = answered
          .then(() => onItsWay)
          .then(() => this.#answer(socket, commands))
          .catch(() => void socket.destroy());
      });
    });
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #answer(socket: Socket, commands: Command[]): Promise<void> {
    const greetings = commands.map(([name]) => GREETINGS[String(name).toUpperCase()]);
    if (greetings.every((reply) => reply !== undefined)) return void socket.write(greetings.join(""));
    this.requests += 1;
    this.commands += commands.length;
    const { fault } = this;
    if (fault.kind === "delay") await sleep(fault.ms);
    await this.onRequest?.({ path: "tcp", commands });
    const lost = (fault.kind === "hang" || fault.kind === "truncated") && fault.applied;
    const works = fault.kind === "none" || fault.kind === "delay";
    const replies = works || lost ? await Promise.all(commands.map((command) => this.#run(command))) : [];
    switch (fault.kind) {
      case "hang":
        // Until the client closes the connection.
        return new Promise((resolve) => socket.once("close", () => resolve()));
      case "refuse":
        return void socket.destroy();
      case "status":
        return void socket.write(`-ERR status ${fault.status}\r\n`.repeat(commands.length));
      case "error":
        return void socket.write(`-${fault.message}\r\n`.repeat(commands.length));
      case "html":
        return void socket.write("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
      case "nonsense":
        return void socket.write(fault.body.repeat(commands.length));
      case "truncated":
        return void socket.end("*5\r\n*4\r\n:1\r\n");
      default:
        socket.write(replies.join(""), "latin1");
    }
  }

  #run(command: Command): Promise<string> {
    return this.#executor.call(command).then(encode, (error: unknown) => {
      if (error instanceof ReplyError) return `-${error.message.replaceAll(/[\r\n]+/g, " ")}\r\n`;
      throw error;
    });
  }
}

/** Parses commands from their bytes, given as one character each; `rest` is the incomplete end. */
export function parseCommands(input: string): { commands: Command[]; rest: string } {
  const commands: Command[] = [];
  let at = 0;
  const line = (): number | undefined => {
    const end = input.indexOf("\r\n", at);
    if (end < 0) return undefined;
    const number = Number(input.slice(at + 1, end));
    at = end + 2;
    return number;
  };
  for (let whole = 0; ; whole = at) {
    const count = line();
    if (count === undefined) return { commands, rest: input.slice(whole) };
    const parts: string[] = [];
    for (let part = 0; part < count; part += 1) {
      const length = line();
      if (length === undefined || input.length < at + length + 2) return { commands, rest: input.slice(whole) };
      parts.push(Buffer.from(input.slice(at, at + length), "latin1").toString("utf8"));
      at += length + 2;
    }
    commands.push(parts);
  }
}

function encode(value: unknown): string {
  if (value === null || value === undefined) return "$-1\r\n";
  if (typeof value === "number") return `:${value}\r\n`;
  if (Array.isArray(value)) return `*${value.length}\r\n${value.map(encode).join("")}`;
  return bulk(String(value));
}

function bulk(text: string): string {
  const bytes = Buffer.from(text, "utf8").toString("latin1");
  return `$${bytes.length}\r\n${bytes}\r\n`;
}
