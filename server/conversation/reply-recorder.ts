import { temperatureOf } from "@/server/clarify/metrics";
import type { ClarifyContext } from "@/server/clarify/sections";
import type { Clock } from "@/server/clock";
import type { ModelMetrics, ModelPurpose } from "@/server/model/metrics";
import { countTokens } from "@/server/model/metrics";
import type { TokenUsage } from "@/server/model/token-usage";
import type { ConversationMetrics, EarlyCallOutcome, ReplyOutcome } from "./metrics";
import type { Voice, VoiceErrorCode } from "./voice";

/**
 * Records one reply, timed from the arrival of its message: the call of the model, the first word, and how it ended.
 */
export class ReplyRecorder {
  readonly #metrics: ConversationMetrics;
  readonly #clock: Pick<Clock, "elapsed">;
  readonly #labels: { voice: Voice["kind"] };
  readonly #arrivedAt: number;
  #spoke = false;

  constructor(metrics: ConversationMetrics, clock: Pick<Clock, "elapsed">, voice: Voice) {
    this.#metrics = metrics;
    this.#clock = clock;
    this.#labels = { voice: voice.kind };
    this.#arrivedAt = clock.elapsed();
  }

  /** @param at the reading of the clock when the model was called, in milliseconds */
  modelCalled(at: number, context: ClarifyContext): void {
    this.#metrics.preModelMs.record(at - this.#arrivedAt, { ...this.#labels, temperature: temperatureOf(context) });
  }

  /** Records what became of the call that began before its message was stored; null if none did. */
  calledEarly(outcome: EarlyCallOutcome | null): void {
    if (outcome !== null) this.#metrics.earlyCalls.add(1, { outcome });
  }

  /** Records the first word. Later calls have no effect. */
  spoke(): void {
    if (this.#spoke) return;
    this.#spoke = true;
    this.#metrics.firstTokenMs.record(this.#clock.elapsed() - this.#arrivedAt, this.#labels);
  }

  used(usage: TokenUsage): void {
    countTokens(this.#metrics, "reply", usage);
  }

  failed(code: VoiceErrorCode | "refused"): void {
    countModelFailure(this.#metrics, "reply", code);
  }

  ended(outcome: ReplyOutcome): void {
    this.#metrics.replies.add(1, { ...this.#labels, outcome });
  }
}

/** Counts a failed call of the model. A call that was stopped is not a failure. */
export function countModelFailure(
  { modelFailures }: Pick<ModelMetrics, "modelFailures">,
  purpose: ModelPurpose,
  code: VoiceErrorCode | "refused" | "truncated",
): void {
  if (code !== "aborted") modelFailures.add(1, { purpose, code });
}
