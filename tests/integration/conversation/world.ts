import { randomUUID } from "node:crypto";
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
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

/** One person in one conversation, with as many app processes as a test wants. */
export interface World {
  person: Person;
  sessionId: string;
  app: TestApp;
  /** Another process over the same cache and database. */
  anotherApp(): TestApp;
  send(content: string, options?: { id?: string; app?: TestApp }): Promise<ReplyEvent[]>;
}

export async function createWorld(stack: StackAddress, model: ModelServer, clock: Clock = systemClock): Promise<World> {
  const store: CacheStore = new MemoryStore();
  const voice = createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock });
  const anotherApp = () => createTestApp({ stack, voice, clock, store: () => store });
  const app = anotherApp();
  const person = await createPerson(stack, { name: "Noa" });
  const sessionId = (await app.as(person).sessions.create({})).id;
  return {
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
