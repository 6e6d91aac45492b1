import { describe, expect, it } from "vitest";
import { ReplyDraft } from "@/server/conversation/reply-draft";
import { ReplyRecorder } from "@/server/conversation/reply-recorder";
import { speak } from "@/server/conversation/speak";
import type { Voice, VoiceEvent } from "@/server/conversation/voice";
import { VoiceError } from "@/server/conversation/voice";
import { createMetrics } from "@/server/metrics";
import { createLogger } from "@/server/telemetry/logger";
import { total } from "@/server/telemetry/snapshot";
import { createTelemetry } from "@/server/telemetry/telemetry";
import { ManualTime } from "@/tests/support/manual-time";

/** A voice that says these words and never ends. */
function endless(words: string[]): Voice {
  async function* reply({ signal }: { signal: AbortSignal }): AsyncGenerator<VoiceEvent> {
    for (const delta of words) yield { type: "text", delta };
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw new VoiceError("aborted");
  }
  return { kind: "model", model: "endless", reply };
}

function world(words: string[]) {
  const clock = new ManualTime();
  const telemetry = createTelemetry({ metricReaders: [], spanProcessors: [] });
  const metrics = createMetrics(telemetry.meter);
  const voice = endless(words);
  const stop = new AbortController();
  const draft = new ReplyDraft(voice.model, "m1");
  const speaking = speak(draft, {
    voice,
    early: null,
    clock,
    logger: createLogger("silent"),
    recorder: new ReplyRecorder(metrics, clock, voice),
    emit: () => {},
    signal: stop.signal,
    context: { text: "", tokens: 0, budget: 0, buildMs: 0, warmForMs: 0, sections: [] },
    history: [],
    crisis: null,
    today: "",
    createDream: () => Promise.reject(new Error("Nobody asked for one")),
  });
  const failures = async (code: string) => total(await telemetry.snapshot(), "clarify.model_failures", { code });
  return { clock, draft, stop, speaking, failures };
}

describe("a reply that does not end", () => {
  it("is ended after two minutes, and the text so far is stored as interrupted", async () => {
    const { clock, draft, speaking, failures } = world(["I ", "think"]);
    await clock.advance(120_000);
    await speaking;
    expect(draft.toStore(() => [])).toMatchObject({ content: "I think", status: "failed" });
    expect(await failures("timed_out")).toBe(1);
  });

  it("fails with a timeout if there was no text", async () => {
    const { clock, speaking } = world([]);
    const failing = expect(speaking).rejects.toMatchObject({ code: "timed_out" });
    await clock.advance(120_000);
    await failing;
  });

  it("is interrupted, and no failure, when it is stopped", async () => {
    const { clock, draft, stop, speaking, failures } = world(["I ", "think"]);
    await clock.advance(1_000);
    stop.abort();
    await speaking;
    expect(draft.toStore(() => [])).toMatchObject({ content: "I think", status: "interrupted" });
    expect(await failures("timed_out")).toBe(0);
  });
});
