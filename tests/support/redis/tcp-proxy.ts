import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "./executor";
import type { Fault } from "./fault";
import { parseCommands } from "./resp-server";

/** A way to a real Redis that takes time and fails on demand. Unlike `RespServer` it passes everything on, Pub/Sub too. */
export class TcpProxy {
  /** Set to misbehave: `hang`, `delay`, `truncated` and `nonsense`; `refuse` needs the method below. */
  fault: Fault = { kind: "none" };
  /** Called with the commands that have arrived, before they are passed on. */
  onCommands: (commands: readonly Command[]) => void = () => {};
  /** Called when Redis has answered, before the answer is passed back. */
  onAnswer: () => void = () => {};
  /** Added to what a client sends, in milliseconds. */
  latencyMs = 0;
  /** Commands that arrive together count as one request. */
  requests = 0;
  commands = 0;
  #target: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #port = 0;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = this.#create();
  }

  static async start(redisUrl: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(redisUrl));
    await proxy.accept();
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  resetCounters(): void {
    this.requests = 0;
    this.commands = 0;
  }

  /** Leads to another server from now on, as a name does after a failover. */
  async leadTo(redisUrl: string): Promise<void> {
    await this.refuse();
    this.#target = new URL(redisUrl);
    await this.accept();
  }

  /** Stops listening and drops every connection, so that the next one is refused. */
  async refuse(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Listens on the same port again. */
  async accept(): Promise<void> {
    this.#server = this.#create();
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.refuse();
  }

  #create(): Server {
    return createServer((client) => {
      const redis = connect(Number(this.#target.port || 6379), this.#target.hostname);
      for (const socket of [client, redis]) {
        socket.setNoDelay(true);
        socket.on("error", () => {});
        socket.on("close", () => {
          client.destroy();
          redis.destroy();
        });
      }
      this.#sockets.add(client);
      client.on("close", () => this.#sockets.delete(client));
      redis.on("data", (chunk: Buffer) => this.#passBack(chunk, client));
      let unread = "";
      let sent = Promise.resolve();
      client.on("data", (chunk) => {
        const { commands, rest } = parseCommands(unread + chunk.toString("latin1"));
        unread = rest;
        this.commands += commands.length;
        if (commands.length > 0) this.requests += 1;
        this.onCommands(commands);
        const onItsWay = this.latencyMs > 0 ? sleep(this.latencyMs) : undefined;
        // One after the other: what hangs blocks what was sent after it.
        sent = sent
          .then(() => onItsWay)
          .then(() => this.#misbehave(client))
          .then(() => void redis.write(chunk));
      });
    });
  }

  async #misbehave(client: Socket): Promise<void> {
    if (this.fault.kind === "delay") await sleep(this.fault.ms);
    if (this.fault.kind === "hang" && !this.fault.applied)
      await new Promise((resolve) => client.once("close", resolve));
  }

  #passBack(chunk: Buffer, client: Socket): void {
    this.onAnswer();
    switch (this.fault.kind) {
      case "hang":
        return;
      case "truncated":
        client.end(chunk.subarray(0, chunk.length >> 1));
        return;
      case "nonsense":
        client.write(this.fault.body);
        return;
      default:
        client.write(chunk);
    }
  }
}
