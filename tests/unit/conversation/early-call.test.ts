import { describe, expect, it } from "vitest";
import type { CallPrompt } from "@/server/conversation/early-call";
import { EarlyCall } from "@/server/conversation/early-call";
import { meteredVoice } from "@/server/conversation/metered-voice";
import type { ReplyRequest, Voice, VoiceEvent } from "@/server/conversation/voice";
import { VoiceError } from "@/server/conversation/voice";
import type { TokenUsage } from "@/server/model/token-usage";
import { NO_USAGE } from "@/server/model/token-usage";
import { collect } from "@/tests/support/collect";
import { ManualTime } from "@/tests/support/manual-time";

const context = { text: "They have a boat.", tokens: 5, budget: 8_000, buildMs: 0, warmForMs: 0, sections: [] };
const PROMPT: CallPrompt = {
  context,
  history: [{ role: "user", content: "hello" }],
  crisis: null,
  today: "Monday",
  summary: null,
};
const DREAM = { title: "Learn to sail" };
const END: VoiceEvent = { type: "end", usage: NO_USAGE, ending: "complete" };

/** A voice whose replies end when the test says so, and a call of it that began early. */
function world(speak: (request: ReplyRequest) => AsyncIterable<VoiceEvent> = hanging) {
  const asked: ReplyRequest[] = [];
  const spent: TokenUsage[] = [];
  const bare: Voice = {
    kind: "model",
    model: "test",
    async *reply(request) {
      asked.push(request);
      yield* speak(request);
    },
  };
  const voice = meteredVoice(bare, { countTokens: (text) => text.length, spend: (usage) => void spent.push(usage) });
  const clock = new ManualTime();
  return { asked, spent, clock, early: new EarlyCall(voice, clock) };
}

async function* hanging({ signal }: ReplyRequest): AsyncGenerator<VoiceEvent> {
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  throw new VoiceError("aborted");
}

async function* speaking(): AsyncGenerator<VoiceEvent> {
  yield { type: "text", delta: "I hear you." };
  yield END;
}

function request(changed: Partial<ReplyRequest> = {}): ReplyRequest {
  const createDream = () => Promise.reject(new Error("Nobody asked for one"));
  return { ...PROMPT, createDream, signal: new AbortController().signal, ...changed };
}

const begun = async (early: EarlyCall, prompt: CallPrompt = PROMPT) => {
  const known = Promise.resolve(prompt);
  early.begin(known);
  await known;
};

/** The events of the call, which is taken. */
function taken(early: EarlyCall, asked = request()): AsyncIterable<VoiceEvent> {
  const call = early.take(asked);
  if (call === null) throw new Error("The call was given up");
  return call.events;
}

describe("a call that began early", () => {
  it("is the call of a request that asks for the same, however that was put together", async () => {
    const { early, asked, clock } = world(speaking);
    await begun(early);
    await clock.advance(50);
    const call = early.take(request({ related: null, history: [{ role: "user", content: "hello", dreams: [] }] }));
    if (call === null) throw new Error("The call was given up");
    expect(call.calledAt).toBe(clock.elapsed() - 50);
    expect(await collect(call.events)).toEqual([{ type: "text", delta: "I hear you." }, END]);
    expect(asked).toHaveLength(1);
    expect(early.outcome).toBe("taken");
  });

  const OTHERS: [what: string, changed: Partial<ReplyRequest>][] = [
    ["another history", { history: [{ role: "user", content: "hello!" }] }],
    ["a longer history", { history: [{ role: "user", content: "hello" }, ...PROMPT.history] }],
    ["another role", { history: [{ role: "assistant", content: "hello" }] }],
    ["dreams in it", { history: [{ role: "user", content: "hello", dreams: [{ id: "1", title: "Sail" }] }] }],
    ["another context", { context: { ...context, text: "They have no boat." } }],
    ["related items", { related: "Older things" }],
    ["another day", { today: "Tuesday" }],
    ["a summary", { summary: { words: "They think of the sea", messages: 12 } }],
    ["another attempt", { attempt: 1 }],
  ];
  it.each(OTHERS)("is given up for a request with %s", async (_what, changed) => {
    const { early, asked } = world();
    await begun(early);
    expect(early.take(request(changed))).toBeNull();
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(early.outcome).toBe("given_up");
  });

  it("that is given up is paid for like a reply that was stopped", async () => {
    const { early, spent } = world();
    await begun(early);
    early.giveUp();
    await expect.poll(() => spent).toHaveLength(1);
    expect(spent[0]?.inputTokens).toBeGreaterThan(context.tokens);
  });

  it("ends when the person stops the reply", async () => {
    const { early } = world();
    await begun(early);
    const stop = new AbortController();
    const events = collect(taken(early, request({ signal: stop.signal })));
    stop.abort();
    await expect(events).rejects.toThrow(new VoiceError("aborted"));
  });

  it("ends at once when the person stopped before it was taken", async () => {
    const { early } = world();
    await begun(early);
    const events = collect(taken(early, request({ signal: AbortSignal.abort() })));
    await expect(events).rejects.toThrow(new VoiceError("aborted"));
  });

  it("fails as any call does when the model failed before it was taken", async () => {
    // biome-ignore lint/correctness/useYield: it fails before it says anything.
    const { early } = world(async function* () {
      throw new VoiceError("overloaded");
    });
    await begun(early);
    await expect(collect(taken(early))).rejects.toThrow(new VoiceError("overloaded"));
  });

  it("creates a dream only once it was taken, as the request creates them", async () => {
    const kept: string[] = [];
    const { early } = world(async function* ({ createDream }) {
      const dream = await createDream(DREAM);
      yield { type: "dream", dream };
    });
    await begun(early);
    await new Promise(setImmediate);
    expect(kept).toEqual([]);
    const createDream: ReplyRequest["createDream"] = async ({ title }) => {
      kept.push(title);
      return { id: "1", title, how: "new" };
    };
    expect(await collect(taken(early, request({ createDream })))).toHaveLength(1);
    expect(kept).toEqual([DREAM.title]);
  });

  it("creates no dream when it is given up", async () => {
    const failed = Promise.withResolvers<unknown>();
    // biome-ignore lint/correctness/useYield: it fails before it says anything.
    const { early } = world(async function* ({ createDream }) {
      await createDream(DREAM).catch(failed.resolve);
    });
    await begun(early);
    early.giveUp();
    expect(await failed.promise).toEqual(new VoiceError("aborted"));
  });
});

describe("no call begins early", () => {
  it("when the conversation is not known", async () => {
    const { early, asked } = world();
    const unknown = Promise.resolve(null);
    early.begin(unknown);
    await unknown;
    expect(early.take(request())).toBeNull();
    expect([asked.length, early.outcome]).toEqual([0, null]);
  });

  it("when a limit refuses it, or the context cannot be read", async () => {
    const { early, asked } = world();
    early.begin(Promise.reject(new Error("too many")));
    await new Promise(setImmediate);
    expect(early.take(request())).toBeNull();
    expect([asked.length, early.outcome]).toEqual([0, null]);
  });

  it("when the message is stored before the prompt is known", async () => {
    const { early, asked } = world();
    const late = Promise.withResolvers<CallPrompt>();
    early.begin(late.promise);
    expect(early.take(request())).toBeNull();
    late.resolve(PROMPT);
    await late.promise;
    expect([asked.length, early.outcome]).toEqual([0, null]);
  });
});
