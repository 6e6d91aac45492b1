import type { ClarifyContext } from "@/server/clarify/sections";
import type { TokenUsage } from "@/server/model/token-usage";
import type { Logger } from "@/server/telemetry/logger";
import type { ContextSummary, ReplyEvent } from "./events";
import type { ReplyDraft } from "./reply-draft";
import type { ReplyRecorder } from "./reply-recorder";
import type { ReplyRequest, Voice } from "./voice";
import { isVoiceError } from "./voice";

/** The longest a reply may take, in milliseconds. */
const REPLY_TIMEOUT_MS = 120_000;

export interface Speaking extends ReplyRequest {
  voice: Voice;
  emit: (event: ReplyEvent) => void;
  logger: Logger;
  recorder: ReplyRecorder;
}

/**
 * Streams the reply of the voice into the draft, and emits each part. When it ends early, the draft keeps what arrived.
 * @throws {VoiceError} when nothing arrived.
 */
export async function speak(draft: ReplyDraft, speaking: Speaking): Promise<void> {
  const { voice, emit, logger, recorder, ...request } = speaking;
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(REPLY_TIMEOUT_MS)]);
  let usage: TokenUsage | null = null;
  recorder.modelCalled();
  try {
    for await (const event of voice.reply({ ...request, signal })) {
      draft.add(event);
      if (event.type === "end" || event.type === "usage") {
        usage = event.usage;
        continue;
      }
      recorder.spoke();
      emit(event);
    }
  } catch (error) {
    const code = isVoiceError(error) ? error.code : "broken";
    logger.warn({ code, spoken: draft.length }, "reply ended early");
    recorder.failed(error);
    if (draft.isEmpty) throw error;
    if (code !== "aborted") draft.fail();
  } finally {
    if (usage !== null) recorder.used(usage);
  }
}

/** The context as the page receives it: without the text of the prompt. */
export function summarise({ text: _text, sections, ...rest }: ClarifyContext): ContextSummary {
  return { ...rest, sections: sections.map(({ items: _items, ...section }) => section) };
}
