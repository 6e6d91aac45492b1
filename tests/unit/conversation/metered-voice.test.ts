import { describe, expect, it } from "vitest";
import { estimateTokens } from "@/server/context/tokens";
import { meteredVoice } from "@/server/conversation/metered-voice";
import type { ReplyRequest, Voice, VoiceErrorCode, VoiceEvent } from "@/server/conversation/voice";
import { VoiceError } from "@/server/conversation/voice";
import type { TokenUsage } from "@/server/model/token-usage";
import { NO_USAGE } from "@/server/model/token-usage";

const request = {
  context: { tokens: 700, text: "", sections: [] },
  history: [{ role: "user", content: "What do I keep coming back to?" }],
} as unknown as ReplyRequest;

/** Emits these events, then fails. */
function failing(code: VoiceErrorCode, events: VoiceEvent[] = []): Voice {
  return {
    kind: "model",
    model: "test",
    async *reply() {
      yield* events;
      throw new VoiceError(code);
    },
    promptCache: {
      minimumTokens: 0,
      warm: async () => {
        throw new VoiceError(code);
      },
    },
  };
}

/** The usage of a voice's calls, and the events of its reply until it failed. */
async function run(voice: Voice) {
  const spent: TokenUsage[] = [];
  const metered = meteredVoice(voice, { countTokens: estimateTokens, spend: (usage) => spent.push(usage) });
  const events: VoiceEvent[] = [];
  await expect(
    (async () => {
      for await (const event of metered.reply(request)) events.push(event);
    })(),
  ).rejects.toThrow(VoiceError);
  return { spent, events };
}

describe("a call that failed before its provider reported anything", () => {
  it.each<VoiceErrorCode>(["aborted", "stalled", "timed_out"])(
    "is counted with its prompt when it %s",
    async (code) => {
      const { spent, events } = await run(failing(code));
      expect(spent).toHaveLength(1);
      const [usage] = spent;
      expect(usage?.inputTokens).toBeGreaterThan(700);
      expect(usage).toMatchObject({ outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 });
      expect(events).toEqual([{ type: "usage", usage }]);
    },
  );

  it.each<VoiceErrorCode>(["overloaded", "unauthorized", "rate_limited", "unreachable"])(
    "took nothing when it was %s",
    async (code) => expect(await run(failing(code))).toEqual({ spent: [], events: [] }),
  );

  it("is counted for a prompt that is sent ahead", async () => {
    const spent: TokenUsage[] = [];
    const warming = meteredVoice(failing("stalled"), {
      countTokens: estimateTokens,
      spend: (usage) => spent.push(usage),
    }).promptCache?.warm(request);
    await expect(warming).rejects.toThrow(VoiceError);
    expect(spent).toHaveLength(1);
  });
});

it("estimates the words after the last report; those before it are included in the report", async () => {
  const usage = { ...NO_USAGE, inputTokens: 50, outputTokens: 400 };
  const { spent, events } = await run(
    failing("broken", [
      { type: "text", delta: "a word ".repeat(400) },
      { type: "usage", usage },
      { type: "text", delta: "and five more words now" },
    ]),
  );
  expect(spent).toHaveLength(1);
  expect(spent[0]?.outputTokens).toBeGreaterThan(403);
  expect(spent[0]?.outputTokens).toBeLessThan(410);
  expect(events.at(-1)).toEqual({ type: "usage", usage: spent[0] });
});
