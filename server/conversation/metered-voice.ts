import type { CountTokens } from "@/server/context/tokens";
import type { TokenUsage } from "@/server/model/token-usage";
import { NO_USAGE } from "@/server/model/token-usage";
import { INSTRUCTIONS } from "./prompt";
import type { ReplyRequest, Summary, TitleRequest, Voice, VoiceErrorCode, VoiceEvent } from "./voice";
import { voiceErrorCode } from "./voice";

/** Calls with these errors may have been charged, though the provider reported no usage. */
const PERHAPS_PAID: ReadonlySet<VoiceErrorCode> = new Set(["aborted", "stalled", "timed_out"]);

export interface Meter {
  /** Estimates what the provider does not report. */
  countTokens: CountTokens;
  spend(usage: TokenUsage): void;
}

/**
 * Wraps a voice and reports the tokens of each of its calls, however the call ended. Tokens that the provider did not
 * report are estimated and are also in the reply's own `usage` events: the words of a reply that was cut off, and the
 * prompt of a call that was given up before its first event.
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

  /** A call that answers all at once. */
  function metered<Request extends TitleRequest>(call: (request: Request) => Promise<Summary>) {
    return async (request: Request): Promise<Summary> => {
      try {
        const answer = await call(request);
        spend(answer.usage);
        return answer;
      } catch (error) {
        if (PERHAPS_PAID.has(voiceErrorCode(error))) spend(usageOfSaid(request.messages, countTokens));
        throw error;
      }
    };
  }

  const { summarise, title } = voice;
  const withCalls: Voice = {
    ...voice,
    reply,
    ...(summarise && { summarise: metered(summarise) }),
    ...(title && { title: metered(title) }),
  };
  if (promptCache === undefined) return withCalls;
  return {
    ...withCalls,
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

function usageOfSaid(said: readonly { content: string }[], countTokens: CountTokens): TokenUsage {
  return { ...NO_USAGE, inputTokens: said.reduce((sum, { content }) => sum + countTokens(content), 0) };
}

function usageOfPrompt(
  { context, history }: Pick<ReplyRequest, "context" | "history">,
  countTokens: CountTokens,
): TokenUsage {
  const { inputTokens } = usageOfSaid(history, countTokens);
  return { ...NO_USAGE, inputTokens: countTokens(INSTRUCTIONS) + context.tokens + inputTokens };
}
