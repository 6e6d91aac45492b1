import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import { inSpan } from "@/server/telemetry/spans";
import { createTelemetry } from "@/server/telemetry/telemetry";
import { collect } from "@/tests/support/collect";
import { createPerson } from "@/tests/support/database/person";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");

let model: ModelServer;
beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  model = await startModelServer();
});
afterAll(async () => {
  context.disable();
  await model.close();
});

async function createTracedApp() {
  const exporter = new InMemorySpanExporter();
  const telemetry = createTelemetry({ metricReaders: [], spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const voice = createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock: systemClock });
  const app = createTestApp({ stack, telemetry, voice });
  const person = await createPerson(stack, { name: "Noa" });
  return {
    app,
    person,
    /** Runs a task as a request, and resolves with its spans as a tree when its background work is done. */
    async traced(run: () => Promise<unknown>): Promise<string[]> {
      exporter.reset();
      await inSpan(telemetry, "request", {}, run).catch(() => undefined);
      await app.backgroundDone();
      return tree(exporter.getFinishedSpans());
    },
    spans: () => exporter.getFinishedSpans(),
  };
}

/** Each span's path from the root, in alphabetical order; names that occur several times at a place are counted. */
function tree(spans: ReadableSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  const pathOf = (span: ReadableSpan): string => {
    const parent = byId.get(span.parentSpanContext?.spanId ?? "");
    const section = span.attributes.section;
    return `${parent ? `${pathOf(parent)} > ` : ""}${span.name}${section ? ` ${section}` : ""}`;
  };
  const counts = new Map<string, number>();
  for (const path of spans.map(pathOf)) counts.set(path, (counts.get(path) ?? 0) + 1);
  return [...counts].map(([path, count]) => (count > 1 ? `${path} × ${count}` : path)).sort();
}

describe("the trace of a build", () => {
  it("leads from the request through the build to the read, each load and its fill", async () => {
    const { app, person, traced } = await createTracedApp();
    const build = () => app.as(person).clarifyContext.get({ sessionId: null });
    expect(await traced(build)).toEqual([
      "request",
      "request > context build",
      "request > context build > cache fill × 5",
      "request > context build > cache read",
      "request > context build > section load dreams",
      "request > context build > section load patterns",
      "request > context build > section load reflections",
      "request > context build > section load sessions",
      "request > context build > section load user",
    ]);
    expect(await traced(build)).toEqual(["request", "request > context build", "request > context build > cache read"]);
  });

  it("every span lies within its parent's time, except for background work", async () => {
    const { app, person, traced, spans } = await createTracedApp();
    await traced(() => app.as(person).clarifyContext.get({ sessionId: null }));
    const ms = ([seconds, nanos]: [number, number]) => seconds * 1_000 + nanos / 1e6;
    const build = spans().find(({ name }) => name === "context build");
    const loads = spans().filter(({ name }) => name === "section load");
    for (const load of loads) {
      expect(ms(load.startTime)).toBeGreaterThanOrEqual(ms(build?.startTime ?? [0, 0]) - 1);
      expect(ms(load.endTime)).toBeLessThanOrEqual(ms(build?.endTime ?? [0, 0]) + 1);
    }
    expect(loads).toHaveLength(5);
  });
});

describe("the trace of a message", () => {
  it("leads from the message through the steps before the model and its reply to the stored row", async () => {
    const { app, person, traced } = await createTracedApp();
    const { id: sessionId } = await app.as(person).sessions.create({});
    await app.as(person).clarifyContext.get({ sessionId });
    await app.backgroundDone();
    const message = { sessionId, id: crypto.randomUUID(), content: "What about the sea?" };
    const seen = await traced(async () => collect(await app.as(person).messages.send(message)));
    expect(seen).toEqual([
      "request",
      "request > message",
      "request > message > model",
      "request > message > pre-model",
      "request > message > pre-model > cache fence",
      "request > message > pre-model > cache release",
      "request > message > pre-model > context build",
      "request > message > pre-model > context build > cache read",
      "request > message > store reply",
      "request > message > store reply > cache fence",
      "request > message > store reply > cache fill",
      "request > message > store reply > cache release",
      "request > message > store reply > context build",
      "request > message > store reply > context build > cache fill",
      "request > message > store reply > context build > cache read",
      "request > message > store reply > context build > section load sessions",
    ]);
  });

  it("contains only the kind of a failure, and nothing about the person", async () => {
    const { app, person, traced, spans } = await createTracedApp();
    const { id: sessionId } = await app.as(person).sessions.create({});
    model.answers.push({ kind: "error", status: 400, type: "invalid_request_error" });
    const message = { sessionId, id: crypto.randomUUID(), content: "Something private" };
    await traced(async () => collect(await app.as(person).messages.send(message)));
    const failed = spans().find(({ name }) => name === "model");
    expect(failed?.status).toEqual({ code: 2, message: "VoiceError" });
    const all = JSON.stringify(
      spans().map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    );
    for (const own of ["Something private", "Noa", person.id, person.email, sessionId]) expect(all).not.toContain(own);
  });
});
