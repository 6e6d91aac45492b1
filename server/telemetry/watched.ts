import type { PatternExtractor } from "@/server/consolidation/extractor";
import { ExtractionError } from "@/server/consolidation/extractor";
import type { SectionName } from "@/server/context/context";
import type { MessageLimiter } from "@/server/limits/message-limiter";
import type { Instruments, RedisPurpose, WebhookOutcome } from "./metrics";
import { inSpan } from "./spans";
import type { Telemetry } from "./telemetry";

// Services as they are, and counted.

/** Loads a section from the database, timed. */
export function watchLoad<T>(telemetry: Telemetry, section: SectionName, load: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const record = (result: "loaded" | "failed") =>
    telemetry.instruments.sectionLoadMs.record(performance.now() - begun, { section, result });
  return inSpan(telemetry, "section load", { section }, async () => {
    try {
      const rows = await load();
      record("loaded");
      return rows;
    } catch (error) {
      record("failed");
      throw error;
    }
  });
}

/** One request to Redis with so many commands in it. */
export function countRedisRequest(
  { redisRequests, redisCommands }: Pick<Instruments, "redisRequests" | "redisCommands">,
  purpose: RedisPurpose,
  commands: number,
): void {
  redisRequests.add(1, { purpose });
  redisCommands.add(commands, { purpose });
}

/** A limiter whose decisions are counted. */
export function countDecisions(limiter: MessageLimiter, { limiterDecisions }: Instruments): MessageLimiter {
  return {
    async take(userId, use) {
      const admission = await limiter.take(userId, use);
      const decision = admission.admitted ? (admission.failure ?? "admitted") : "refused";
      limiterDecisions.add(1, { decision });
      return admission;
    },
  };
}

/** An extractor whose failures are counted. */
export function countExtractions(extractor: PatternExtractor, { modelFailures }: Instruments): PatternExtractor {
  return {
    async extract(request) {
      try {
        return await extractor.extract(request);
      } catch (error) {
        const code = error instanceof ExtractionError ? error.code : "broken";
        modelFailures.add(1, { purpose: "consolidation", code });
        throw error;
      }
    },
  };
}

const WEBHOOK_OUTCOMES: Record<number, WebhookOutcome> = {
  200: "accepted",
  400: "malformed",
  401: "unauthorized",
  413: "too_large",
  503: "not_configured",
};

/** Counts a call of the database webhook by how it was answered. */
export function countWebhook({ webhookEvents }: Instruments, response: Response): Response {
  webhookEvents.add(1, { outcome: WEBHOOK_OUTCOMES[response.status] ?? "failed" });
  return response;
}
