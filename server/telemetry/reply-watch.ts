import type { Clock } from "@/server/clock";
import type { TokenUsage, Voice } from "@/server/conversation/voice";
import { isVoiceError } from "@/server/conversation/voice";
import type { Instruments, ModelPurpose, ReplyOutcome } from "./metrics";
import type { Telemetry } from "./telemetry";

/** Follows one reply from the arrival of its message, and records when the model was called and when it first spoke. */
export class ReplyWatch {
  readonly #instruments: Instruments;
  readonly #clock: Pick<Clock, "elapsed">;
  readonly #labels: { voice: Voice["kind"] };
  readonly #arrivedAt: number;
  #spoke = false;

  constructor({ instruments }: Pick<Telemetry, "instruments">, clock: Pick<Clock, "elapsed">, voice: Voice) {
    this.#instruments = instruments;
    this.#clock = clock;
    this.#labels = { voice: voice.kind };
    this.#arrivedAt = clock.elapsed();
  }

  modelCalled(): void {
    this.#instruments.preModelMs.record(this.#sinceArrival(), this.#labels);
  }

  /** Something was said; only the first time counts. */
  spoke(): void {
    if (this.#spoke) return;
    this.#spoke = true;
    this.#instruments.firstTokenMs.record(this.#sinceArrival(), this.#labels);
  }

  used(usage: TokenUsage): void {
    countTokens(this.#instruments, "reply", usage);
  }

  failed(error: unknown): void {
    countModelFailure(this.#instruments, "reply", error);
  }

  ended(outcome: ReplyOutcome): void {
    this.#instruments.replies.add(1, { ...this.#labels, outcome });
  }

  #sinceArrival(): number {
    return this.#clock.elapsed() - this.#arrivedAt;
  }
}

/** Adds what one call of the model took. */
export function countTokens(
  { modelTokens }: Pick<Instruments, "modelTokens">,
  purpose: ModelPurpose,
  { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: TokenUsage,
): void {
  modelTokens.add(inputTokens, { kind: "input", purpose });
  modelTokens.add(outputTokens, { kind: "output", purpose });
  modelTokens.add(cacheReadTokens, { kind: "cache_read", purpose });
  modelTokens.add(cacheWriteTokens, { kind: "cache_write", purpose });
}

/** Counts a call of the model that failed. One that was stopped because nobody listens any more is no failure. */
export function countModelFailure(
  { modelFailures }: Pick<Instruments, "modelFailures">,
  purpose: ModelPurpose,
  error: unknown,
): void {
  const code = isVoiceError(error) ? error.code : "broken";
  if (code !== "aborted") modelFailures.add(1, { purpose, code });
}
