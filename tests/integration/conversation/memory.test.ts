import { randomUUID } from "node:crypto";
import v8 from "node:v8";
import { expect, it } from "vitest";
import type { World } from "./world";
import { eachTestHasWorld } from "./world";

// Node.js keeps a signal made by AbortSignal.any or AbortSignal.timeout for as long as somebody listens to it, and with it
// everything that the listener knows.

const TIMES = 20;

let world: World;
eachTestHasWorld((arrived) => {
  world = arrived;
});

/** How many there are, after a garbage collection. */
const controllers = () => v8.queryObjects(AbortController, { format: "count" });

async function talk(times: number): Promise<void> {
  const { app, person, model, sessionId } = world;
  for (let time = 0; time < times; time += 1) {
    await world.send("Hello.");
    model.answers.push({ kind: "fails", words: ["I ", "begin"], type: "overloaded_error" });
    await world.send("Are you there?");
    model.answers.push({ kind: "hang", words: ["I ", "begin"] });
    const id = randomUUID();
    const events = await app.as(person).messages.send({ sessionId, id, content: "Go on." });
    for await (const { type } of events) {
      if (type === "text") await app.as(person).messages.stop({ sessionId, messageId: id });
    }
    await app.as(person).dreams.create({ title: `Dream ${time}` });
    await app.as(person).clarifyContext.get({ sessionId });
  }
  await app.backgroundDone();
}

it("what was answered, failed, stopped or written leaves nothing behind in the process", async () => {
  await talk(3);
  const before = controllers();
  await talk(TIMES);
  expect(controllers() - before).toBeLessThan(TIMES / 2);
}, 60_000);
