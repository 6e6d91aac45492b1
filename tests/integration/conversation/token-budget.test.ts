import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, inject, it } from "vitest";
import type { Clock } from "@/server/clock";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import { unwrap } from "@/server/database/errors";
import { weighTokens } from "@/server/limits/token-budget";
import { total } from "@/server/telemetry/snapshot";
import { collect } from "@/tests/support/collect";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import type { ModelServer } from "@/tests/support/model/anthropic-server";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";
import type { World } from "./world";
import { createWorld, eachTestHasWorld, spoken } from "./world";

const stack = inject("stack");
const sql = createSqlClient(stack);

const NOON = Date.UTC(2026, 10, 25, 12);
/** The model server's default usage of a reply of three words: ten tokens in, three out. */
const ONE_REPLY = weighTokens({ inputTokens: 10, outputTokens: 3, cacheReadTokens: 0, cacheWriteTokens: 0 });

let model: ModelServer;
let world: World;
let now: number;
const clock: Clock = { ...systemClock, now: () => now };
beforeEach(() => {
  now = NOON;
});
eachTestHasWorld((arrived) => {
  world = arrived;
  ({ model } = arrived);
  // The names of conversations cost nothing here.
  model.titles.answer = { kind: "reply", words: [], usage: { input_tokens: 0 } };
});

/** A process in which each person may use this many tokens a day. */
function startApp(tokensPerDay: number, databaseFetch: typeof fetch = fetch): TestApp {
  const voice = createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock });
  return createTestApp({ stack, voice, clock, tokensPerDay, databaseFetch });
}

const usedBy = async (app: TestApp) => (await app.as(world.person).account.tokensToday()).used;
const storedBy = async (app: TestApp) =>
  (await app.as(world.person).messages.list({ sessionId: world.sessionId })).items;

/** Begins a reply that hangs after two words, and stops it. */
async function stopHalfway(app: TestApp, words: string[]): Promise<string> {
  const caller = app.as(world.person).messages;
  model.answers.push({ kind: "hang", words, usage: { input_tokens: 100, output_tokens: 1 } });
  const id = randomUUID();
  const events = (await caller.send({ sessionId: world.sessionId, id, content: "hello" }))[Symbol.asyncIterator]();
  for (let heard = 0; heard < 1 + words.length; heard += 1) await events.next();
  await caller.stop({ sessionId: world.sessionId });
  await app.backgroundDone();
  return id;
}

describe("the day's tokens", () => {
  it("include each reply, weighed by price", async () => {
    const app = startApp(1_000_000);
    const usage = { input_tokens: 100, cache_read_input_tokens: 2_000, cache_creation_input_tokens: 400 };
    model.answers.push({ kind: "reply", words: ["I ", "hear ", "you."], usage });
    await world.send("hello", { app });
    expect(await usedBy(app)).toBe(100 + 3 * 5 + 200 + 500);
  });

  it("include an estimate of the words of a stopped reply, which the provider did not report", async () => {
    const app = startApp(1_000_000);
    await stopHalfway(app, ["Some words that were said ", "before it was stopped."]);
    const used = await usedBy(app);
    // About eleven words, at five each, and the one that was reported.
    expect(used).toBeGreaterThan(100 + 9 * 5);
    expect(used).toBeLessThan(100 + 20 * 5);
    const [row] = await sql("select output_tokens from public.clarify_messages where session_id = $1 and role = $2", [
      world.sessionId,
      "assistant",
    ]);
    expect(Number(row?.output_tokens)).toBeGreaterThan(9);
  });

  it("include the rest of a continued reply", async () => {
    const app = startApp(1_000_000);
    await stopHalfway(app, ["I ", "hear"]);
    const before = await usedBy(app);
    const replyId = (await storedBy(app)).at(-1)?.id ?? "";
    await collect(await app.as(world.person).messages.resume({ sessionId: world.sessionId, replyId }));
    await app.backgroundDone();
    expect(await usedBy(app)).toBe(before + ONE_REPLY);
  });

  it("include a prompt that is sent ahead", async () => {
    const app = startApp(1_000_000);
    const long = "What I keep coming back to is the sea. ".repeat(100).trim();
    for (let sent = 0; sent < 4; sent += 1) await world.send(long, { app });
    const before = await usedBy(app);
    model.answers.push({ kind: "reply", words: ["x"], usage: { input_tokens: 3, cache_creation_input_tokens: 4_000 } });
    expect(await app.as(world.person).messages.prewarm({ sessionId: world.sessionId })).toEqual({ warm: true });
    await app.backgroundDone();
    expect(await usedBy(app)).toBe(before + 3 + 5 + 5_000);
  });

  it("include nothing of a call that the provider refused", async () => {
    const app = startApp(1_000_000);
    model.answers.push({ kind: "error", status: 401, type: "authentication_error" });
    await expect(world.send("hello", { app })).rejects.toMatchObject({ code: "BAD_GATEWAY" });
    expect(await usedBy(app)).toBe(0);
  });

  it("include each call once, even if it is reported twice", async () => {
    const call = { id: randomUUID(), tokens: 25 };
    const { database } = world.person;
    const tell = async () => unwrap(await database.rpc("count_model_calls", { p_day: "2026-11-25", p_calls: [call] }));
    expect([await tell(), await tell()]).toEqual([25, 25]);
  });
});

describe("a person who has used the day's tokens", () => {
  it("gets the time until the next day in their time zone; the message is stored and the model is not called", async () => {
    const app = startApp(ONE_REPLY);
    await world.send("one", { app });
    const caller = app.as(world.person).messages;
    const [sessionId, id] = [world.sessionId, randomUUID()];
    const sending = collect(await caller.send({ sessionId, id, content: "two", timeZone: "Asia/Jerusalem" }));
    await expect(sending).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
      message: "You've reached today's limit. You can go on at 02:00. Your message is saved.",
      cause: { retryAfterMs: 12 * 3_600_000 },
    });
    expect(model.requests).toHaveLength(1);
    expect((await storedBy(app)).map(({ content }) => content)).toEqual(["one", "I hear you.", "two"]);
    const figures = await app.services.telemetry.snapshot();
    expect(total(figures, "clarify.budget_decisions", { decision: "refused" })).toBe(1);
  });

  it("is answered the next day at once, also the stored message", async () => {
    const app = startApp(ONE_REPLY);
    await world.send("one", { app });
    const id = randomUUID();
    await expect(world.send("two", { app, id })).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    now += 12 * 3_600_000;
    expect(spoken(await world.send("two", { app, id }))).toBe("I hear you.");
    expect(await app.as(world.person).account.tokensToday()).toEqual({
      used: ONE_REPLY,
      perDay: ONE_REPLY,
      goesOnAt: NOON + 36 * 3_600_000,
    });
  });

  it("is refused by every other process, and takes no slot there", async () => {
    await world.send("one", { app: startApp(ONE_REPLY) });
    const another = startApp(ONE_REPLY);
    await expect(world.send("two", { app: another })).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    const other = await createWorld(stack, model);
    expect(spoken(await other.send("one", { app: another }))).toBe("I hear you.");
  });

  it("cannot continue a reply either, and holds no claim on it", async () => {
    const app = startApp(100);
    await stopHalfway(app, ["I ", "hear"]);
    const replyId = (await storedBy(app)).at(-1)?.id ?? "";
    const { messages } = app.as(world.person);
    await expect(messages.resume({ sessionId: world.sessionId, replyId }).then(collect)).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
    });
    expect(model.requests).toHaveLength(1);
    // Its claim was released, so nothing is being written.
    await messages.stop({ sessionId: world.sessionId });
    expect((await storedBy(app)).at(-1)).toMatchObject({ content: "I hear", status: "interrupted" });
  });

  it("may exceed the budget only by the running replies, two in each process", async () => {
    const BUDGET = 5 * ONE_REPLY;
    const [here, there] = [startApp(BUDGET), startApp(BUDGET)];
    const sessions = await Promise.all(
      Array.from({ length: 40 }, () => world.app.as(world.person).sessions.create({})),
    );
    const outcomes = await Promise.allSettled(
      sessions.map(async ({ id: sessionId }, index) => {
        const { messages } = (index % 2 === 0 ? here : there).as(world.person);
        return collect(await messages.send({ sessionId, id: randomUUID(), content: "hello" }));
      }),
    );
    await Promise.all([here, there].map((app) => app.backgroundDone()));
    while ((await usedBy(here)) < BUDGET) await world.send("one more", { app: here });
    const answered = outcomes.filter(({ status }) => status === "fulfilled").length;
    expect(answered).toBeGreaterThan(0);
    const [used] = await sql("select sum(tokens)::int as sum from private.model_calls where user_id = $1", [
      world.person.id,
    ]);
    expect(Number(used?.sum)).toBe(model.requests.length * ONE_REPLY);
    expect(Number(used?.sum)).toBeLessThanOrEqual(BUDGET + 4 * ONE_REPLY);
    await expect(world.send("and another", { app: startApp(BUDGET) })).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
    });
  });
});

describe("when the count cannot be read", () => {
  /** The real database, except that counting and reading the tokens fails. */
  function brokenLedger() {
    const state = { broken: true };
    const databaseFetch: typeof fetch = async (input, init) =>
      state.broken && String(input).includes("count_model_calls")
        ? Response.json({ code: "57014", message: "canceling statement due to statement timeout" }, { status: 500 })
        : fetch(input, init);
    return { state, databaseFetch };
  }

  it("refuses a person without a known count: the message is stored, and can be answered later", async () => {
    const { state, databaseFetch } = brokenLedger();
    const app = startApp(ONE_REPLY, databaseFetch);
    const id = randomUUID();
    await expect(world.send("one", { app, id })).rejects.toMatchObject({ code: "GATEWAY_TIMEOUT" });
    expect(model.requests).toHaveLength(0);
    state.broken = false;
    expect(spoken(await world.send("one", { app, id }))).toBe("I hear you.");
  });

  it("uses this process's own count, and reports it later", async () => {
    const { state, databaseFetch } = brokenLedger();
    const app = startApp(10 * ONE_REPLY, databaseFetch);
    state.broken = false;
    await world.send("one", { app });
    state.broken = true;
    for (let sent = 0; sent < 4; sent += 1) await world.send("more", { app });
    await expect(world.send("too much", { app })).rejects.toMatchObject({ code: "GATEWAY_TIMEOUT" });
    expect(model.requests).toHaveLength(5);
    state.broken = false;
    expect(await usedBy(app)).toBe(5 * ONE_REPLY);
    expect(await usedBy(startApp(0))).toBe(5 * ONE_REPLY);
  });
});

describe("whatever is asked of two processes, in whatever order", () => {
  const PER_MINUTE = 4;
  const step = fc.record({
    kind: fc.constantFrom("send", "resume", "regenerate", "edit", "prewarm", "stop"),
    process: fc.nat({ max: 1 }),
    /** The same, at the same time, of the other process. */
    twice: fc.boolean(),
    /** Which of the ids that exist, or are new. */
    messageId: fc.nat({ max: 7 }),
    replyId: fc.nat({ max: 7 }),
    answer: fc.constantFrom("reply", "reply", "refuses", "fails"),
    ledger: fc.constantFrom("works", "works", "fails"),
  });

  it("the model is called no more often than the limits on messages and on tokens admit (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 6, maxLength: 14 }),
        fc.integer({ min: 2, max: 20 }),
        async (steps, replies) => {
          world = await createWorld(stack, model);
          model.requests.length = 0;
          const state = { broken: false };
          const databaseFetch: typeof fetch = async (input, init) =>
            state.broken && String(input).includes("count_model_calls")
              ? Response.json(
                  { code: "57014", message: "canceling statement due to statement timeout" },
                  { status: 500 },
                )
              : fetch(input, init);
          const voice = createAnthropicVoice({ apiKey: "test", baseUrl: model.url, model: "claude-test", clock });
          const perDay = replies * ONE_REPLY;
          const options = { stack, voice, clock, tokensPerDay: perDay, databaseFetch, messagesPerMinute: PER_MINUTE };
          const apps = [createTestApp(options), createTestApp(options)];
          const { sessionId, person } = world;
          const made = Array.from({ length: 3 }, () => randomUUID());
          for (const { kind, process, twice, messageId, replyId, answer, ledger } of steps) {
            state.broken = ledger === "fails";
            model.answers = [];
            model.otherwise =
              answer === "fails"
                ? { kind: "error", status: 400, type: "invalid_request_error" }
                : {
                    kind: "reply",
                    words: ["I ", "hear ", "you."],
                    ...(answer === "refuses" && { stopReason: "refusal" as const }),
                  };
            const stored = (await apps[0]?.as(person).messages.list({ sessionId }))?.items.map(({ id }) => id) ?? [];
            const known = [...stored.slice(-4), ...made];
            const [message = randomUUID(), reply = randomUUID()] = [known[messageId], known[replyId]];
            const ask = async (app: TestApp): Promise<unknown> => {
              const { messages } = app.as(person);
              switch (kind) {
                case "send":
                  return collect(await messages.send({ sessionId, id: message, content: "hello" }));
                case "resume":
                  return collect(await messages.resume({ sessionId, replyId: reply }));
                case "regenerate":
                  return collect(await messages.regenerate({ sessionId, messageId: message, replyId: reply }));
                case "edit":
                  return collect(
                    await messages.edit({ sessionId, messageId: message, replyId: reply, content: "and" }),
                  );
                case "prewarm":
                  return messages.prewarm({ sessionId });
                default:
                  return messages.stop({ sessionId });
              }
            };
            const asked = apps.filter((_, index) => twice || index === process);
            await Promise.allSettled(asked.map(ask));
            await Promise.all(apps.map((app) => app.backgroundDone()));
            // Messages and prompts sent ahead have a count each, in each process.
            expect(model.requests.length).toBeLessThanOrEqual(2 * 2 * PER_MINUTE);
            // A running reply in each process may exceed the day's tokens.
            const paid = Number(
              (
                await sql("select coalesce(sum(tokens), 0)::int as sum from private.model_calls where user_id = $1", [
                  person.id,
                ])
              )[0]?.sum,
            );
            expect(paid).toBeLessThanOrEqual(perDay + 4 * ONE_REPLY);
          }
        },
      ),
      { numRuns: Number(process.env.FUZZ_REQUESTS ?? 400) / 100 },
    );
  }, 240_000);
});

it("the offline voice uses no tokens, and needs none", async () => {
  const app = createTestApp({ stack, clock, tokensPerDay: 1 });
  for (const content of ["one", "two"]) {
    expect((await world.send(content, { app })).at(-1)).toMatchObject({ type: "message" });
  }
  expect(await usedBy(app)).toBe(0);
});

describe("the ledger in the database", () => {
  const day = "2026-11-25";
  const count = async (p_day: string, p_calls: { id: string; tokens: number }[]) =>
    unwrap(await world.person.database.rpc("count_model_calls", { p_day, p_calls }));

  it("counts each person separately", async () => {
    await count(day, [{ id: randomUUID(), tokens: 25 }]);
    const other = await createPerson(stack);
    expect(unwrap(await other.database.rpc("count_model_calls", { p_day: day, p_calls: [] }))).toBe(0);
  });

  it("is not reset by another day or by negative numbers", async () => {
    await count(day, [{ id: randomUUID(), tokens: 25 }]);
    await count("2999-12-31", [{ id: randomUUID(), tokens: 1 }]);
    await expect(count(day, [{ id: randomUUID(), tokens: -25 }])).rejects.toMatchObject({ code: "invalid" });
    await expect(count("infinity", [])).rejects.toMatchObject({ code: "invalid" });
    expect(await count(day, [])).toBe(25);
  });

  it("keeps calls for two days", async () => {
    await count(day, [{ id: randomUUID(), tokens: 25 }]);
    await sql("update private.model_calls set counted_at = now() - interval '3 days' where user_id = $1", [
      world.person.id,
    ]);
    expect(await count(day, [{ id: randomUUID(), tokens: 5 }])).toBe(5);
  });
});
