import type { Meter } from "@opentelemetry/api";
import type { TemperatureLabel } from "@/server/clarify/metrics";
import type { ModelMetrics } from "@/server/model/metrics";
import type { MetricDefinitions } from "@/server/telemetry/instruments";
import { instrumentsOf } from "@/server/telemetry/instruments";
import type { MessageStatus } from "./events";

/** Bucket boundaries of the times that a person waits, in milliseconds: from one round trip to the model's timeout. */
const REPLY_BUCKETS = [
  10, 25, 50, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, 10_000, 20_000,
  30_000,
];

export const REPLY_METRICS = {
  "clarify.pre_model_ms": {
    kind: "histogram",
    description: "From a message's arrival until the model is called",
    unit: "ms",
    labels: ["voice", "temperature"],
    buckets: REPLY_BUCKETS,
  },
  "clarify.first_token_ms": {
    kind: "histogram",
    description: "From a message's arrival until the first word of its reply",
    unit: "ms",
    labels: ["voice"],
    buckets: REPLY_BUCKETS,
  },
  "clarify.replies": {
    kind: "counter",
    description: "Replies, by how they ended",
    unit: "{reply}",
    labels: ["voice", "outcome"],
  },
  "clarify.early_calls": {
    kind: "counter",
    description: "Calls of the model that began before their message was stored, by whether their reply was used",
    unit: "{call}",
    labels: ["outcome"],
  },
} as const satisfies MetricDefinitions;

export type VoiceLabel = "model" | "offline";
/** `unspoken`: the reply ended before its first word. */
export type ReplyOutcome = MessageStatus | "unspoken";
/** `given_up`: the stored conversation asked for something else, or the message was not stored. */
export type EarlyCallOutcome = "taken" | "given_up";
export type ReplyMetrics = ReturnType<typeof createReplyMetrics>;

/** The metrics of conversations: replies, and calls of the model. */
export interface ConversationMetrics extends ReplyMetrics, ModelMetrics {}

declare module "@/server/trpc/context" {
  interface Metrics extends ConversationMetrics {}
}

export function createReplyMetrics(meter: Meter) {
  const { histogram, counter } = instrumentsOf(meter, REPLY_METRICS);
  return {
    preModelMs: histogram<{ voice: VoiceLabel; temperature: TemperatureLabel }>("clarify.pre_model_ms"),
    firstTokenMs: histogram<{ voice: VoiceLabel }>("clarify.first_token_ms"),
    replies: counter<{ voice: VoiceLabel; outcome: ReplyOutcome }>("clarify.replies"),
    earlyCalls: counter<{ outcome: EarlyCallOutcome }>("clarify.early_calls"),
  };
}
