import type { ClarifyContext } from "@/server/context/context";
import type { TokenUsage } from "@/server/model/token-usage";
import type { Logger } from "@/server/telemetry/logger";
import type { ContextSummary, ReplyEvent } from "./events";
import type { ReplyDraft } from "./reply-draft";
import type { ReplyRecorder } from "./reply-recorder";
import type { ReplyRequest, Voice } from "./voice";
import { isVoiceError } from "./voice";

/** No reply takes longer. */
const REPLY_TIMEOUT_MS = 120_000;

export interface Speaking extends ReplyRequest {
  voice: Voice;
  emit: (event: ReplyEvent) => void;
  logger: Logger;
  recorder: ReplyRecorder;
}

/**
 * Lets the voice speak into the draft, and passes on what it says. When it ends early, the draft keeps what was said.
 * @throws {VoiceError} when nothing at all was said.
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

/** The context as the page is told of it: without the prompt's text. */
export function summarise({ text: _text, sections, ...rest }: ClarifyContext): ContextSummary {
  return { ...rest, sections: sections.map(({ items: _items, ...section }) => section) };
}
