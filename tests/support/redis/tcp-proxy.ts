import { randomUUID } from "node:crypto";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "./executor";
import type { Fault } from "./fault";
import { parseCommands } from "./resp-server";

/** Holds the first command that is meant, and so everything that comes after it on its connection. */
interface Hold {
  where: (command: Command) => boolean;
  /** Whether it is passed on, so that only its answer is held. */
  applied: boolean;
  isHeld: PromiseWithResolvers<void>;
}

/** A way to a real Redis that takes time and fails on demand. Unlike `RespServer` it passes everything on, Pub/Sub too. */
export class TcpProxy {
  /** Set to misbehave: `hang`, `delay`, `truncated` and `nonsense`; `refuse` needs the method below. */
  fault: Fault = { kind: "none" };
  /** Called with the commands that have arrived, before they are passed on. */
  onCommands: (commands: readonly Command[]) => void = () => {};
  /** Added to what a client sends, in milliseconds. */
  latencyMs = 0;
  /** Commands that arrive together count as one request. */
  requests = 0;
  commands = 0;
  #holds: Hold[] = [];
  #healed = Promise.withResolvers<void>();
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

  /** Resolves when such a command is where it is held, until `heal` is called. */
  hold(where: Hold["where"], { applied }: Pick<Hold, "applied">): Promise<void> {
    const isHeld = Promise.withResolvers<void>();
    this.#holds.push({ where, applied, isHeld });
    return isHeld.promise;
  }

  /** Lets everything go on that is held. */
  heal(): void {
    this.#holds = [];
    this.#healed.resolve();
    this.#healed = Promise.withResolvers();
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
      const answers = new Answers((chunk) => this.#passBack(chunk, client));
      redis.on("data", (chunk: Buffer) => answers.take(chunk));
      const toMark: Hold[] = [];
      let unread = "";
      let sent = Promise.resolve();
      client.on("data", (chunk) => {
        const { commands, rest } = parseCommands(unread + chunk.toString("latin1"));
        unread = rest;
        this.commands += commands.length;
        if (commands.length > 0) this.requests += 1;
        this.onCommands(commands);
        const onItsWay = this.latencyMs > 0 ? sleep(this.latencyMs) : undefined;
        const meant = this.#holds.filter(({ where }) => commands.some(where));
        this.#holds = this.#holds.filter((hold) => !meant.includes(hold));
        const [before, after] = [meant.filter(({ applied }) => !applied), meant.filter(({ applied }) => applied)];
        const healed = before.length > 0 ? this.#healed.promise : undefined;
        for (const { isHeld } of before) isHeld.resolve();
        if (after.length > 0) answers.holdUntil(this.#healed.promise);
        toMark.push(...after);
        // Between two commands.
        const marked = rest === "" ? toMark.splice(0) : [];
        // One after the other: what hangs blocks what was sent after it.
        sent = sent.then(async () => {
          await onItsWay;
          await this.#misbehave(client);
          await healed;
          redis.write(chunk);
          if (marked.length > 0) await answers.mark(redis);
          for (const { isHeld } of marked) isHeld.resolve();
        });
      });
    });
  }

  async #misbehave(client: Socket): Promise<void> {
    if (this.fault.kind === "delay") await sleep(this.fault.ms);
    if (this.fault.kind === "hang" && !this.fault.applied)
      await new Promise((resolve) => client.once("close", resolve));
  }

  #passBack(chunk: Buffer, client: Socket): void {
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

/** The answers on one connection. */
class Answers {
  readonly #passBack: (chunk: Buffer) => void;
  #isHeld = false;
  #kept: Buffer = Buffer.alloc(0);
  readonly #marks = new Map<string, () => void>();

  constructor(passBack: (chunk: Buffer) => void) {
    this.#passBack = passBack;
  }

  take(chunk: Buffer): void {
    if (!this.#isHeld) return void this.#passBack(chunk);
    this.#kept = Buffer.concat([this.#kept, chunk]);
    for (const [mark, seen] of this.#marks) {
      const at = this.#kept.indexOf(mark);
      if (at < 0) continue;
      this.#kept = Buffer.concat([this.#kept.subarray(0, at), this.#kept.subarray(at + mark.length)]);
      this.#marks.delete(mark);
      seen();
    }
  }

  holdUntil(healed: Promise<void>): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    healed.then(() => {
      this.#isHeld = false;
      this.#passBack(this.#kept);
      this.#kept = Buffer.alloc(0);
    });
  }

  /** Resolves when everything that was sent so far is answered. */
  mark(redis: Socket): Promise<void> {
    const mark = bulk(randomUUID());
    redis.write(`*2\r\n${bulk("ECHO")}${mark}`);
    return new Promise((resolve) => this.#marks.set(mark, resolve));
  }
}

const bulk = (word: string) => `$${word.length}\r\n${word}\r\n`;
