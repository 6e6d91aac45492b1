import type { CountTokens } from "@/server/context/tokens";
import type { TokenUsage } from "@/server/model/token-usage";
import { NO_USAGE } from "@/server/model/token-usage";
import { INSTRUCTIONS } from "./prompt";
import type { ReplyRequest, Voice, VoiceErrorCode, VoiceEvent } from "./voice";
import { voiceErrorCode } from "./voice";

/** Calls that ended like this may have been paid for, though the provider reported nothing. */
const PERHAPS_PAID: ReadonlySet<VoiceErrorCode> = new Set(["aborted", "stalled", "timed_out"]);

export interface Meter {
  /** For what the provider does not report. */
  countTokens: CountTokens;
  spend(usage: TokenUsage): void;
}

/**
 * The same voice, which tells what each of its calls took, however it ended. What the provider did not come to report is
 * estimated, and is in the reply's own `usage` events as well: the words of a reply that was cut off, and the prompt of a
 * call that was given up before its first event.
 */
export function meteredVoice(voice: Voice, { countTokens, spend }: Meter): Voice {
  const promptUsage = (prompt: Pick<ReplyRequest, "context" | "history">) => usageOfPrompt(prompt, countTokens);
  if (voice.kind === "offline") return voice;
  const { promptCache } = voice;

  async function* reply(request: ReplyRequest): AsyncGenerator<VoiceEvent> {
    let reported: TokenUsage | undefined;
    let wordsSince = "";
    let ended = false;
    try {
      for await (const event of voice.reply(request)) {
        if (event.type === "text") wordsSince += event.delta;
        if (event.type === "usage" || event.type === "end") {
          reported = event.usage;
          wordsSince = "";
          ended = event.type === "end";
        }
        yield event;
      }
    } catch (error) {
      reported ??= PERHAPS_PAID.has(voiceErrorCode(error)) ? promptUsage(request) : undefined;
      if (reported !== undefined && !ended) {
        reported = { ...reported, outputTokens: reported.outputTokens + countTokens(wordsSince) };
        yield { type: "usage", usage: reported };
      }
      throw error;
    } finally {
      if (reported !== undefined) spend(reported);
    }
  }

  if (promptCache === undefined) return { ...voice, reply };
  return {
    ...voice,
    reply,
    promptCache: {
      ...promptCache,
      async warm(prompt) {
        try {
          const usage = await promptCache.warm(prompt);
          spend(usage);
          return usage;
        } catch (error) {
          if (PERHAPS_PAID.has(voiceErrorCode(error))) spend(promptUsage(prompt));
          throw error;
        }
      },
    },
  };
}

function usageOfPrompt(
  { context, history }: Pick<ReplyRequest, "context" | "history">,
  countTokens: CountTokens,
): TokenUsage {
  const said = history.reduce((sum, { content }) => sum + countTokens(content), 0);
  return { ...NO_USAGE, inputTokens: countTokens(INSTRUCTIONS) + context.tokens + said };
}
