import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { isTRPCClientError } from "@trpc/client";
import type { ReplyEvent } from "@/server/conversation/events";
import { JUST_WROTE_SECONDS } from "@/server/just-wrote";
import type { AppRouter } from "@/server/router";
import type { Random } from "../bench/people/behaviour";
import type { SignedUpPerson } from "../support/database/person";
import { cookieOf, createHttpClient } from "../support/http-client";
import type { Findings, SaidMessage } from "./checks";
import { differing, Item } from "./checks";
import { between, oneOf } from "./schedule";

/** Where people live: what they meet, and what watches them. */
export interface Surroundings {
  urls: readonly [string, string];
  findings: Findings;
  counts: Counts;
  now(): number;
  redisWasReachable(sinceMs: number): boolean;
  /** Whether something else keeps the machine busy. */
  isBusy(): boolean;
}

export interface Counts {
  requests: number;
  /** Answers that refused, by their code. */
  refused: Map<string, number>;
  acts: Map<string, number>;
  /** Contexts that were compared with what was acknowledged. */
  compared: number;
}

export interface Conversation {
  /** Its text is only whether it is there. */
  item: Item;
  messages: SaidMessage[];
  /** The message without its reply, which is sent again before anything else. */
  pending: SaidMessage | null;
  /** A reply that ended early. */
  resumable: string | null;
}

type Client = ReturnType<typeof createHttpClient>;

/** The most that a person has at a time, so that a context shows all of it. */
const DREAMS = 4;
const REFLECTIONS = 3;
const CONVERSATIONS = 3;

/** How long an answer may take: a call of the database has five seconds, and a write makes at most two after its fence. */
const ANSWER_MS = 20_000;
/** The longest reply, as the route of the procedures declares it. */
const REPLY_MS = 150_000;
/** After so long without a word a person stops the reply. */
const PATIENCE_MS = 10_000;

/** What may be answered instead of what was asked for. Each is a refusal with words for the person. */
const CLEAN: ReadonlySet<string> = new Set([
  "BAD_GATEWAY",
  "CLIENT_CLOSED_REQUEST",
  "CONFLICT",
  "FORBIDDEN",
  "GATEWAY_TIMEOUT",
  "NOT_FOUND",
  "SERVICE_UNAVAILABLE",
  "TIMEOUT",
  "TOO_MANY_REQUESTS",
]);

type Answer<T> = { ok: true; value: T } | { ok: false; code: string };

/** One person with a browser, who remembers everything that they were told. */
export class SimulatedPerson {
  readonly dreams: Item[] = [];
  readonly reflections: Item[] = [];
  readonly conversations: Conversation[] = [];
  readonly #clients: readonly [Client, Client];
  #wroteAt = Number.NEGATIVE_INFINITY;
  #written = 0;

  constructor(
    readonly person: SignedUpPerson,
    private readonly random: Random,
    private readonly around: Surroundings,
  ) {
    const justWrote = () => around.now() - this.#wroteAt < JUST_WROTE_SECONDS * 1_000;
    const [here, there] = around.urls;
    this.#clients = [createHttpClient(here, person, justWrote), createHttpClient(there, person, justWrote)];
  }

  /** Acts and thinks until then. */
  async live(untilMs: number): Promise<void> {
    await pause(between(0, 2_000, this.random));
    while (this.around.now() < untilMs) {
      await this.#act();
      await pause(between(100, 2_000, this.random));
    }
  }

  /** When nothing fails any more: every message gets its reply. */
  async settle(untilMs: number): Promise<void> {
    for (const conversation of this.conversations) {
      if (conversation.item.certain === null) continue;
      while (conversation.pending !== null && this.around.now() < untilMs) {
        await this.#send(conversation, conversation.pending, "listen");
        if (conversation.pending !== null) await pause(1_000);
      }
      // The conversation may be in the bin: its removal was not answered.
      if (conversation.pending === null || conversation.item.certain === undefined) continue;
      this.around.findings.add("a message stays unanswered after healing", `message ${conversation.pending.id}`);
    }
  }

  /** Reads the whole context, as the page does; resolves with how long it took, or with null without an answer. */
  async readContext(): Promise<number | null> {
    const begun = performance.now();
    const answer = await this.#ask(() => this.#client().clarifyContext.get.query({ sessionId: null }));
    return answer.ok ? performance.now() - begun : null;
  }

  #nextNumber(): number {
    this.#written += 1;
    return this.#written;
  }

  #client(): Client {
    return oneOf(this.#clients, this.random);
  }

  #count(act: string): void {
    const { acts } = this.around.counts;
    acts.set(act, (acts.get(act) ?? 0) + 1);
  }

  async #act(): Promise<void> {
    const acts: readonly [() => Promise<void>, ...(() => Promise<void>)[]] = [
      () => this.#open(),
      () => this.#open(),
      () => this.#reload(),
      () => this.#write("dream"),
      () => this.#write("dream"),
      () => this.#write("reflection"),
      () => this.#talk(),
      () => this.#talk(),
      () => this.#talk(),
      () => this.#removeOrUndo(),
      () => (this.random() < 0.15 ? this.#signIn() : this.#open()),
    ];
    await oneOf(acts, this.random)();
    await this.#compareContext();
  }

  /**
   * Asks for something: it has to be answered, or refused cleanly, in time.
   */
  async #ask<T>(
    request: (signal: AbortSignal) => Promise<T>,
    { what = "a call", withinMs = ANSWER_MS }: { what?: string; withinMs?: number } = {},
  ): Promise<Answer<T>> {
    const { counts, findings } = this.around;
    counts.requests += 1;
    const late = new AbortController();
    // A deadline is kept by timers, which are late themselves on a busy machine.
    const allowedMs = withinMs * (this.around.isBusy() ? 3 : 1);
    const timer = setTimeout(() => late.abort(), allowedMs);
    const begun = this.around.now();
    try {
      return { ok: true, value: await request(late.signal) };
    } catch (error) {
      if (late.signal.aborted) {
        const [from, to] = [begun, this.around.now()].map(Math.round);
        findings.add("an answer is late", `${what}, not within ${allowedMs} ms: from ${from} to ${to} ms of the run`);
        return { ok: false, code: "LATE" };
      }
      const code = codeOf(error);
      if (!CLEAN.has(code)) findings.add("an answer is no clean refusal", `${code}: ${describe(error)}`);
      counts.refused.set(code, (counts.refused.get(code) ?? 0) + 1);
      return { ok: false, code };
    } finally {
      clearTimeout(timer);
    }
  }

  /** What the page asks for when it is opened. */
  async #open(): Promise<void> {
    this.#count("open");
    const client = this.#client();
    const conversation = this.conversations.find(({ item }) => item.certain !== null && item.certain !== undefined);
    await Promise.all([
      this.#ask((signal) => client.sessions.list.query({ status: "active" }, { signal })),
      this.#ask((signal) => client.clarifyContext.get.query({ sessionId: null }, { signal })),
      conversation &&
        this.#ask((signal) => client.messages.list.query({ sessionId: conversation.item.id }, { signal })),
    ]);
  }

  /** A page, as a browser loads it. */
  async #reload(): Promise<void> {
    this.#count("reload");
    const path = oneOf(["/clarify", "/dreams", "/reflections", "/account"], this.random);
    await this.#page(path, { headers: { cookie: cookieOf(this.person) } }, [200, 503]);
  }

  /** Signs in with the password, as another browser does without scripts. */
  async #signIn(): Promise<void> {
    this.#count("sign in");
    const url = oneOf(this.around.urls, this.random);
    const page = await this.#page("/sign-in", {}, [200, 503], url);
    if (page === null) return;
    const form = new FormData();
    for (const [, name = "", value = ""] of page.matchAll(
      /<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g,
    )) {
      form.append(name, value.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
    }
    form.append("email", this.person.email);
    form.append("password", this.person.password);
    const headers = { origin: url, "x-forwarded-for": addressOf(this.person.id) };
    await this.#page("/sign-in", { method: "POST", body: form, headers }, [200, 303], url);
  }

  async #page(
    path: string,
    init: RequestInit,
    statuses: readonly number[],
    url: string = oneOf(this.around.urls, this.random),
  ): Promise<string | null> {
    const answer = await this.#ask(async (signal) => {
      const response = await fetch(url + path, { ...init, redirect: "manual", signal });
      return { status: response.status, text: await response.text() };
    });
    if (!answer.ok) return null;
    const { status, text } = answer.value;
    if (!statuses.includes(status)) this.around.findings.add("an answer is no clean refusal", `${path}: ${status}`);
    return status === 200 ? text : null;
  }

  /** Writes a new dream or reflection, or other words for one. */
  async #write(kind: "dream" | "reflection"): Promise<void> {
    const items = kind === "dream" ? this.dreams : this.reflections;
    const alive = items.filter(({ possible }) => [...possible].some((state) => state !== null));
    const words = `${kind} ${this.person.id.slice(0, 8)} ${this.#nextNumber()}`;
    if (alive.length < (kind === "dream" ? DREAMS : REFLECTIONS) && this.random() < 0.6) {
      this.#count(`write a ${kind}`);
      const item = new Item(randomUUID());
      items.push(item);
      const { id } = item;
      const client = this.#client();
      await this.#change(item, words, (signal) =>
        kind === "dream"
          ? client.dreams.create.mutate({ id, title: words }, { signal })
          : client.reflections.create.mutate({ id, content: words }, { signal }),
      );
      return;
    }
    const item = alive[Math.floor(this.random() * alive.length)];
    if (!item) return;
    this.#count(`edit a ${kind}`);
    const { id } = item;
    const client = this.#client();
    await this.#change(item, words, (signal) =>
      kind === "dream"
        ? client.dreams.update.mutate({ dreamId: id, title: words }, { signal })
        : client.reflections.update.mutate({ reflectionId: id, content: words }, { signal }),
    );
  }

  /** A write of an item. Until it is acknowledged, both what was before it and what it writes may be stored. */
  async #change(item: Item, next: string | null, write: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
    item.writtenAt = this.around.now();
    const before = item.certain;
    item.mayBe(next);
    const answer = await this.#ask(write, { what: "a write" });
    if (answer.ok) {
      item.is(next);
      this.#wroteAt = this.around.now();
      return true;
    }
    if (answer.code === "NOT_FOUND" && typeof before === "string") {
      this.around.findings.add("an acknowledged write is missing", `${item.id} is not found`);
    }
    return false;
  }

  async #removeOrUndo(): Promise<void> {
    const kind = oneOf(["dream", "reflection", "conversation"], this.random);
    const items = {
      dream: this.dreams,
      reflection: this.reflections,
      conversation: this.conversations.filter(({ pending }) => pending === null).map(({ item }) => item),
    }[kind].filter(({ certain }) => typeof certain === "string");
    const item = items[Math.floor(this.random() * items.length)];
    const words = item?.certain;
    if (item === undefined || typeof words !== "string") return;
    this.#count(`remove a ${kind}`);
    const client = this.#client();
    const { id } = item;
    const removed = await this.#change(item, null, (signal) => {
      if (kind === "dream") return client.dreams.remove.mutate({ dreamId: id }, { signal });
      if (kind === "reflection") return client.reflections.remove.mutate({ reflectionId: id }, { signal });
      return client.sessions.remove.mutate({ sessionId: id }, { signal });
    });
    await this.#compareContext();
    if (!removed || this.random() < 0.4) return;
    this.#count(`undo the removal of a ${kind}`);
    const restoring = this.#client();
    await this.#change(item, words, (signal) => restoring.bin.restore.mutate({ kind, id }, { signal }));
  }

  /** Sends a message in a conversation, or goes on with a reply that ended early. */
  async #talk(): Promise<void> {
    const open = this.conversations.filter(({ item }) => item.certain !== null);
    const usable = open.filter(({ item, pending }) => pending !== null || item.certain !== undefined);
    let conversation = usable[Math.floor(this.random() * usable.length)];
    if (open.length < CONVERSATIONS && (conversation === undefined || this.random() < 0.3)) {
      conversation = { item: new Item(randomUUID()), messages: [], pending: null, resumable: null };
      this.conversations.push(conversation);
    }
    if (conversation === undefined) return;
    const manner = oneOf(["listen", "listen", "leave", "stop"], this.random);
    if (conversation.pending !== null) {
      this.#count("try a message again");
      return this.#send(conversation, conversation.pending, manner);
    }
    const { resumable } = conversation;
    if (resumable !== null && this.random() < 0.5) {
      this.#count("resume a reply");
      return this.#resume(conversation, resumable);
    }
    this.#count("send a message");
    const content = `message ${this.person.id.slice(0, 8)} ${this.#nextNumber()}`;
    const message: SaidMessage = { id: randomUUID(), content, acknowledged: false, complete: null };
    conversation.messages.push(message);
    conversation.pending = message;
    conversation.resumable = null;
    await this.#send(conversation, message, manner);
  }

  async #send(conversation: Conversation, message: SaidMessage, manner: "listen" | "leave" | "stop"): Promise<void> {
    const { item, messages } = conversation;
    const sessionId = item.id;
    const { id, content } = message;
    item.writtenAt = this.around.now();
    item.mayBe("there");
    const opens = messages[0] === message ? { offRecord: false } : null;
    const client = this.#client();
    await this.#hear(conversation, message, manner, (signal) =>
      client.messages.send.mutate({ sessionId, id, content, opens, timeZone: "UTC" }, { signal }),
    );
    if (manner === "leave" && conversation.pending !== null) {
      this.#count("find a reply again");
      const elsewhere = this.#client();
      await this.#hear(conversation, message, "listen", (signal) =>
        elsewhere.messages.follow.query({ sessionId, messageId: id }, { signal }),
      );
    }
  }

  async #resume(conversation: Conversation, replyId: string): Promise<void> {
    const message = conversation.messages.at(-1);
    if (message === undefined) return;
    const client = this.#client();
    await this.#hear(conversation, message, "listen", (signal) =>
      client.messages.resume.mutate({ sessionId: conversation.item.id, replyId, timeZone: "UTC" }, { signal }),
    );
  }

  /** Listens to a reply to its end, leaves in the middle, or stops it. */
  async #hear(
    conversation: Conversation,
    message: SaidMessage,
    manner: "listen" | "leave" | "stop",
    begin: (signal: AbortSignal) => Promise<AsyncIterable<ReplyEvent>>,
  ): Promise<void> {
    const leaving = new AbortController();
    const stopAfter = manner === "listen" ? Number.POSITIVE_INFINITY : between(0, 6, this.random);
    let stopping: Promise<void> | undefined;
    const stop = () => {
      stopping ??= this.#stop(conversation, message).finally(() => {
        stopping = undefined;
      });
    };
    let patience = setInterval(stop, PATIENCE_MS);
    await this.#ask(
      async (late) => {
        const signal = AbortSignal.any([late, leaving.signal]);
        try {
          let words = 0;
          for await (const event of await begin(signal)) {
            clearInterval(patience);
            patience = setInterval(stop, PATIENCE_MS);
            this.#heard(conversation, message, event);
            if (event.type !== "text") continue;
            words += 1;
            if (words <= stopAfter) continue;
            if (manner === "stop") stop();
            else leaving.abort();
          }
        } catch (error) {
          if (!leaving.signal.aborted) throw error;
        } finally {
          clearInterval(patience);
        }
      },
      { what: `a reply (${manner})`, withinMs: REPLY_MS },
    );
    await stopping;
  }

  #heard(conversation: Conversation, message: SaidMessage, event: ReplyEvent): void {
    // The first event comes when nobody can be shown what was before the message.
    if (!message.acknowledged && event.type !== "restart") {
      message.acknowledged = true;
      conversation.item.is("there");
      this.#wroteAt = this.around.now();
    }
    if (event.type !== "message") return;
    const { id, content, status, role } = event.message;
    if (role !== "assistant") return;
    conversation.pending = null;
    conversation.resumable = status === "interrupted" || status === "failed" ? id : null;
    if (status === "complete") message.complete = { id, content };
  }

  async #stop({ item }: Conversation, { id }: SaidMessage): Promise<void> {
    this.#count("stop a reply");
    const client = this.#client();
    await this.#ask((signal) => client.messages.stop.mutate({ sessionId: item.id, messageId: id }, { signal }));
  }

  /** Reads two sections at either process: nothing may be older than what was acknowledged to this person. */
  async #compareContext(): Promise<void> {
    const client = this.#client();
    const lastWrite = Math.max(0, ...[...this.dreams, ...this.reflections].map(({ writtenAt }) => writtenAt));
    const [dreams, reflections] = await Promise.all([
      this.#ask((signal) => client.clarifyContext.dreams.query(undefined, { signal })),
      this.#ask((signal) => client.clarifyContext.reflections.query(undefined, { signal })),
    ]);
    // What the processes log arrives a moment later than what they answer.
    await pause(100);
    if (!this.around.redisWasReachable(lastWrite)) return;
    const old = [
      ...(dreams.ok ? differing(this.dreams, new Map(dreams.value.map(({ id, title }) => [id, title]))) : []),
      ...(reflections.ok
        ? differing(this.reflections, new Map(reflections.value.map(({ id, content }) => [id, content])))
        : []),
    ];
    this.around.counts.compared += 1;
    for (const what of old) this.around.findings.add("a context is older than an acknowledged write", what);
  }
}

function codeOf(error: unknown): string {
  if (!isTRPCClientError<AppRouter>(error)) return "NO ANSWER";
  return error.data?.code ?? "NO ANSWER";
}

/** What failed, with its causes. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const path = isTRPCClientError<AppRouter>(error) ? error.data?.path : undefined;
  const words = [path, error.message].filter((word) => word !== undefined).join(": ");
  return error.cause === undefined ? words : `${words} · ${describe(error.cause)}`;
}

/** An address of documentation's network for each person, so that the limits of one address are not everybody's. */
function addressOf(id: string): string {
  return `2001:db8:${id.slice(0, 4)}:${id.slice(4, 8)}::1`;
}
