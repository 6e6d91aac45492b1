import { SECTION_NAMES } from "@/server/clarify/sections";
import type { ModelPrompt } from "../backend-client";
import type { Row } from "../report";
import { round, timings } from "../report";
import type { Sender, SentMessage } from "../senders";
import { clarifySender, serialSender } from "../senders";
import type { SuiteOptions } from "../suite";

const SUITE = "message";
const CONVERSATION = 20;
const SHARED_OVER = 10;

/**
 * How long a message waits for the model to be called, compared with the order that this project replaces, and what is
 * sent.
 */
export async function messageSuite(options: SuiteOptions): Promise<Row[]> {
  const { backend, latency } = options;
  await backend.tell({ do: "latency", ...latency });
  const clarify = await clarifySender(backend.address);
  const senders = [clarify, serialSender(backend.address)];
  for (const sender of senders) await (await sender.open(true)).send("The first one compiles the code.");
  return [
    ...(await warmTimes(senders, options)),
    ...(await coldTimes(senders, options)),
    ...(await oneConversation(clarify, options)),
  ];
}

/** Messages into conversations that are open; the senders take turns. */
async function warmTimes(senders: Sender[], { quick }: SuiteOptions): Promise<Row[]> {
  const open = await Promise.all(
    senders.map(async ({ name, open }) => ({ name, ...(await open(true)), sent: noneSent() })),
  );
  for (let n = 0; n < (quick ? 5 : 100); n += 1) {
    for (const { send, sent } of open) sent.push(await send(words(n)));
  }
  return open.flatMap(({ name, sent }) => timeRows(name, sent));
}

/** The first message of a person without cached entries. */
async function coldTimes(senders: Sender[], { quick }: SuiteOptions): Promise<Row[]> {
  const cold = senders.map(({ name, open }) => ({ name: `${name}-cold`, open, sent: noneSent() }));
  for (let n = 0; n < (quick ? 3 : 50); n += 1) {
    for (const { open, sent } of cold) sent.push(await (await open(false)).send(words(n)));
  }
  return cold.flatMap(({ name, sent }) => timeRows(name, sent));
}

/** Twenty messages in a row: is every section in the cache, and how much of each prompt was in the one before? */
async function oneConversation({ name, open }: Sender, { backend }: SuiteOptions): Promise<Row[]> {
  const { send } = await open(true);
  await backend.prompts();
  let found = 0;
  for (let n = 0; n < CONVERSATION; n += 1) found += (await send(words(n))).fromCache;
  const prompts = (await backend.prompts()).slice(0, SHARED_OVER);
  const sections = CONVERSATION * SECTION_NAMES.length;
  return [
    row(name, "hit_rate", { n: sections, value: round(found / sections) }),
    row(name, "prompt_shared_prefix", { n: SHARED_OVER, value: round(sharedPrefix(prompts)) }),
  ];
}

/** The share of the prompts' bytes that the previous prompt began with, from the second one on. */
function sharedPrefix(prompts: ModelPrompt[]): number {
  const sent = prompts.map(promptBytes);
  let [shared, all] = [0, 0];
  for (const [n, prompt] of sent.entries()) {
    const before = sent[n - 1];
    if (before === undefined) continue;
    all += prompt.length;
    const differs = prompt.findIndex((byte, at) => byte !== before[at]);
    shared += differs === -1 ? prompt.length : differs;
  }
  return shared / all;
}

/** A prompt in the order in which providers cache it: tools, system, messages. Breakpoints are not content. */
function promptBytes({ tools, system, messages }: ModelPrompt): Uint8Array {
  const blocks = [tools, system, ...messages].map((block) => JSON.stringify(block)).join("");
  return new TextEncoder().encode(blocks.replaceAll(/,"cache_control":\{[^}]*\}/g, ""));
}

function words(n: number): string {
  return `Message ${n}: what I wrote down on a slow evening, about the sea and about leaving, and what I want of both.`;
}

function noneSent(): SentMessage[] {
  return [];
}

function timeRows(name: string, sent: SentMessage[]): Row[] {
  return [
    row(name, "pre_model_ms", timings(sent.map(({ preModelMs }) => preModelMs))),
    row(name, "first_token_ms", timings(sent.map(({ firstTokenMs }) => firstTokenMs))),
  ];
}

type Figures = { n: number } & ({ p50: number; p95: number; max: number } | { value: number });

function row(subject: string, metric: string, figures: Figures): Row {
  return { suite: SUITE, subject, metric, ...figures };
}
