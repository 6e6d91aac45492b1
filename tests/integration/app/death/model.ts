import type Anthropic from "@anthropic-ai/sdk";
import type { ModelAnswer, ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";

/** What the model is asked for: a reply, or what nobody waits for. */
type Purpose = "reply" | "background";

/** A model that lets people wait. It knows them by a marker in what they wrote. */
export interface HeldModel extends Pick<ModelServer, "url" | "close"> {
  /** From now on says this many words to them, and the others when it is let go. */
  hold(marker: string, held: { purpose: Purpose; words: number }): void;
  /** Whether it was asked for what it holds. */
  isHeld(marker: string): boolean;
  /** From now on begins to answer them, and does not end until they leave. */
  neverEnds(marker: string): void;
  /** From now on has no time for what it is to do for them in the background. */
  fails(marker: string): void;
  /** Answers them as anybody, also what they wait for. */
  release(marker: string): void;
}

export const WORDS = ["Good ", "day."];
export const BEGINNING = "I begin";
export const SUMMARY = "They think of the sea.";
/** What it sees in the messages of anybody: one pattern in three of them. */
export const PATTERN = "They return to the sea";
const PATTERNS = JSON.stringify({
  patterns: [{ type: "recurring_theme", content: PATTERN, messages: [1, 2, 3], sameAs: null }],
});

type Request = Anthropic.MessageStreamParams;
const isConsolidation = ({ system }: Request) =>
  typeof system === "string" && system.startsWith("You read what one person wrote");
const isSummary = ({ tools }: Request) => tools === undefined;
const purposeOf = (request: Request): Purpose =>
  isConsolidation(request) || isSummary(request) ? "background" : "reply";

interface Hold {
  purpose: Purpose;
  words: number;
  asked: boolean;
  released: PromiseWithResolvers<void>;
}

export async function startHeldModel(): Promise<HeldModel> {
  const server = await startModelServer();
  const holds = new Map<string, Hold>();
  const neverEnding = new Set<string>();
  const failing = new Set<string>();

  server.otherwise = (request): ModelAnswer => {
    const messages = JSON.stringify(request.messages);
    const isAbout = (marker: string) => messages.includes(marker);
    const purpose = purposeOf(request);
    if (purpose === "background" && [...failing].some(isAbout))
      return { kind: "error", status: 529, type: "overloaded_error" };
    if ([...neverEnding].some(isAbout)) return { kind: "hang", words: [BEGINNING], pings: true };
    const [, hold] = [...holds].find(([marker, held]) => held.purpose === purpose && isAbout(marker)) ?? [];
    if (hold) hold.asked = true;
    const released = hold?.released.promise;
    if (isConsolidation(request)) return { kind: "whole", text: PATTERNS, ...(released && { thinks: released }) };
    const words = isSummary(request) ? [SUMMARY] : WORDS;
    return { kind: "reply", words, pings: true, holds: (index) => (index < (hold?.words ?? 0) ? undefined : released) };
  };

  return {
    url: server.url,
    close: server.close,
    hold: (marker, held) => void holds.set(marker, { ...held, asked: false, released: Promise.withResolvers() }),
    isHeld: (marker) => holds.get(marker)?.asked ?? false,
    neverEnds: (marker) => void neverEnding.add(marker),
    fails: (marker) => void failing.add(marker),
    release(marker) {
      holds.get(marker)?.released.resolve();
      holds.delete(marker);
      neverEnding.delete(marker);
      failing.delete(marker);
    },
  };
}
