import type { ClarifyContext } from "@/server/clarify/sections";
import type { Clock } from "@/server/clock";
import type { TokenUsage } from "@/server/model/token-usage";
import type { Logger } from "@/server/telemetry/logger";
import type { EarlyCall } from "./early-call";
import type { ContextSummary, ReplyEvent } from "./events";
import type { RelatedContext } from "./related";
import type { ReplyDraft } from "./reply-draft";
import type { ReplyRecorder } from "./reply-recorder";
import type { ReplyRequest, Voice } from "./voice";
import { VoiceError, voiceErrorCode } from "./voice";

/** The longest a reply may take, in milliseconds. */
const REPLY_TIMEOUT_MS = 120_000;
/** The most characters that the database stores of a reply: many times what the limit on its tokens allows. */
const MAX_CHARACTERS = 100_000;

export interface Speaking extends ReplyRequest {
  voice: Voice;
  /** The call that may have begun already; null where none can have. */
  early: EarlyCall | null;
  emit: (event: ReplyEvent) => void;
  clock: Pick<Clock, "elapsed" | "every">;
  logger: Logger;
  recorder: ReplyRecorder;
}

/**
 * Streams the reply of the voice into the draft, and emits each part. When the reply ends early, the draft keeps what
 * arrived.
 * @throws {VoiceError} when nothing arrived.
 */
export async function speak(draft: ReplyDraft, speaking: Speaking): Promise<void> {
  const { voice, early, emit, clock, logger, recorder, ...rest } = speaking;
  const timedOut = new AbortController();
  const stopTimer = clock.every(REPLY_TIMEOUT_MS, () => timedOut.abort());
  const request = { ...rest, signal: AbortSignal.any([rest.signal, timedOut.signal]) };
  let usage: TokenUsage | null = null;
  const call = early?.take(request) ?? { calledAt: clock.elapsed(), events: voice.reply(request) };
  recorder.modelCalled(call.calledAt, request.context);
  try {
    for await (const event of call.events) {
      if (event.type === "text" && draft.length + event.delta.length > MAX_CHARACTERS) {
        logger.error({ spoken: draft.length }, "the model does not end its reply");
        break;
      }
      draft.add(event);
      if (event.type === "end" || event.type === "usage") {
        usage = event.usage;
        if (event.type === "end" && event.ending === "refused") recorder.failed("refused");
        continue;
      }
      recorder.spoke();
      emit(event);
    }
  } catch (error) {
    const stopped = voiceErrorCode(error) === "aborted";
    const code = stopped && !rest.signal.aborted ? "timed_out" : voiceErrorCode(error);
    logger.warn({ code, spoken: draft.length }, "reply ended early");
    recorder.failed(code);
    if (draft.isEmpty) throw code === "timed_out" ? new VoiceError(code) : error;
    if (code !== "aborted") draft.fail();
  } finally {
    stopTimer();
    if (usage !== null) recorder.used(usage);
  }
}

/** The context and the related items in their form for the page: without the text of the prompt. */
export function summarise(
  { text: _text, warmForMs: _warmForMs, sections, ...rest }: ClarifyContext,
  { items }: RelatedContext,
): ContextSummary {
  return { ...rest, sections: sections.map(({ items: _items, ...section }) => section), related: items };
}
