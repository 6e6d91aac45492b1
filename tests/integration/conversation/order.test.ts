import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { MemoryStore } from "@/server/cache/memory";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import { collect } from "@/tests/support/collect";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");

/** A store that ends a write's fence when the test says so, and reports fences that are raised. */
class SlowToRelease extends MemoryStore {
  released: Promise<void> = Promise.resolve();
  onFence: () => void = () => undefined;

  override fence(...args: Parameters<MemoryStore["fence"]>) {
    this.onFence();
    return super.fence(...args);
  }

  override async release(...args: Parameters<MemoryStore["release"]>) {
    await this.released;
    return super.release(...args);
  }
}

let model: ModelServer;
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.close());

let store: SlowToRelease;
let app: TestApp;
let person: Person;
let sessionId: string;
beforeEach(async () => {
  model.requests.length = 0;
  store = new SlowToRelease();
  const voice = createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock: systemClock });
  app = createTestApp({ stack, voice, store: () => store });
  person = await createPerson(stack, { name: "Noa" });
  sessionId = (await app.as(person).sessions.create({})).id;
});

describe("while the cache invalidates after a message", () => {
  it("the model is called already, but no event is emitted before every reader would see the message", async () => {
    const release = Promise.withResolvers<void>();
    store.released = release.promise;
    let writes = 0;
    const spoken = Promise.withResolvers<void>();
    store.onFence = () => {
      writes += 1;
      // The message, and then the reply, whose text is complete by now.
      if (writes === 2) spoken.resolve();
    };
    const stream = await app.as(person).messages.send({ sessionId, id: randomUUID(), content: "hello" });
    let told = 0;
    const reading = (async () => {
      const events = [];
      for await (const event of stream) {
        told += 1;
        events.push(event.type);
      }
      return events;
    })();
    await spoken.promise;
    expect(model.requests).toHaveLength(1);
    expect(told).toBe(0);
    release.resolve();
    expect(await reading).toEqual(["context", "text", "text", "text", "message"]);
    await app.backgroundDone();
  });

  it("a message that could not be stored is an error, and the model is not called", async () => {
    const input = { sessionId: randomUUID(), id: randomUUID(), content: "hello" };
    const sending = (async () => collect(await app.as(person).messages.send(input)))();
    await expect(sending).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(model.requests).toHaveLength(0);
    await app.backgroundDone();
    expect(app.logLines().filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});
