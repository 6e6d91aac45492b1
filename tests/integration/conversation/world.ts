import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, inject } from "vitest";
import type { CacheStore } from "@/server/cache";
import { MemoryStore } from "@/server/cache/memory";
import type { Clock } from "@/server/clock";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import type { ReplyEvent } from "@/server/conversation/events";
import { collect } from "@/tests/support/collect";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { StackAddress } from "@/tests/support/database/test-stack";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import { startModelServer } from "@/tests/support/model/anthropic-server";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

/** One person in one conversation with a model, with as many app processes as a test wants. */
export interface World {
  model: ModelServer;
  person: Person;
  sessionId: string;
  app: TestApp;
  /** Another process over the same cache and database. */
  anotherApp(): TestApp;
  send(content: string, options?: { id?: string; app?: TestApp }): Promise<ReplyEvent[]>;
}

/** Gives each test of this file a world of its own. Its model has heard nothing yet and gives its usual answers. */
export function eachTestHasWorld(arrived: (world: World) => void, clock?: Clock): void {
  const stack = inject("stack");
  let model: ModelServer;
  beforeAll(async () => {
    model = await startModelServer();
  });
  afterAll(() => model.close());
  beforeEach(async () => {
    model.requests.length = 0;
    model.answers.length = 0;
    arrived(await createWorld(stack, model, clock));
  });
}

export async function createWorld(stack: StackAddress, model: ModelServer, clock: Clock = systemClock): Promise<World> {
  const store: CacheStore = new MemoryStore();
  const voice = createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock });
  const anotherApp = () => createTestApp({ stack, voice, clock, store: () => store });
  const app = anotherApp();
  const person = await createPerson(stack, { name: "Noa" });
  const sessionId = (await app.as(person).sessions.create({})).id;
  return {
    model,
    person,
    sessionId,
    app,
    anotherApp,
    async send(content, { id = randomUUID(), app: through = app } = {}) {
      const events = await collect(await through.as(person).messages.send({ sessionId, id, content }));
      await through.backgroundDone();
      return events;
    },
  };
}

export function spoken(events: ReplyEvent[]): string {
  return events.flatMap((event) => (event.type === "text" ? [event.delta] : [])).join("");
}
