/**
 * One process of a fleet, started by `fleet.ts`: it has a cache of its own over the given REST server, and reads and
 * writes as its parent commands. The parent is the database.
 */
import type { CachePolicy } from "@/server/cache";
import { createCache } from "@/server/cache";
import { storeAt } from "./cache-redis";
import type { Ask, Settings, Task } from "./fleet";

const settings: Settings = JSON.parse(process.argv[2] ?? "");
const cache = createCache({
  store: storeAt(settings.address),
  fenceMs: settings.fenceMs,
  waitMs: settings.waitMs,
});

const questions = new Map<number, (answer: number) => void>();
let asked = 0;

function ask(what: Ask["what"], key: string): Promise<number> {
  asked += 1;
  const question: Ask = { id: asked, what, key };
  return new Promise((resolve) => {
    questions.set(question.id, resolve);
    process.send?.({ ask: question });
  });
}

function read(key: string, policy: CachePolicy) {
  return cache.getOrSet(key, () => ask("load", key), policy);
}

/**
 * Reads and writes at random for a while. Every read has to be as new as the writes that were acknowledged before it.
 */
async function hammer({ keys, policy, forMs }: Extract<Task, { name: "hammer" }>) {
  const result = {
    reads: 0,
    writes: 0,
    unsettled: 0,
    outcomes: {} as Record<string, number>,
    violations: [] as string[],
  };
  const own = new Map<string, number>();
  const until = performance.now() + forMs;
  const loop = async () => {
    while (performance.now() < until) {
      const key = keys[Math.floor(Math.random() * keys.length)] ?? "";
      if (Math.random() < 0.06) {
        const waitForFence = Math.random() < 0.5;
        const version = await cache.write([key], () => ask("commit", key), { waitForFence });
        own.set(key, Math.max(own.get(key) ?? 0, version));
        result.writes += 1;
        if (cache.health().waitingInvalidations === 0) process.send?.({ acknowledged: { key, version } });
        else result.unsettled += 1;
      } else {
        const floor = Math.max(await ask("acknowledged", key), own.get(key) ?? 0);
        const { value, outcome } = await read(key, policy);
        result.reads += 1;
        result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1;
        if (value < floor) result.violations.push(`${key}: ${value} (${outcome}) after ${floor} was acknowledged`);
      }
    }
  };
  await Promise.all(Array.from({ length: 12 }, loop));
  return result;
}

async function run(task: Task): Promise<unknown> {
  switch (task.name) {
    case "hammer":
      return hammer(task);
    case "read":
      return Promise.all(
        Array.from({ length: task.times }, () => Promise.all(task.keys.map((key) => read(key, task.policy)))),
      ).then((reads) => reads.flat().map(({ value, outcome }) => ({ value, outcome })));
    case "write":
      return cache.write(task.keys, () => ask("commit", task.keys[0] ?? ""), task.options);
  }
}

process.on("message", async (message: { answer?: { id: number; value: number }; task?: Task }) => {
  if (message.answer) {
    questions.get(message.answer.id)?.(message.answer.value);
    questions.delete(message.answer.id);
  }
  if (message.task) process.send?.({ done: await run(message.task) });
});
process.send?.({ ready: true });
