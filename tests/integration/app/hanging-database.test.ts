import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { Voice } from "@/server/conversation/voice";
import { VoiceError } from "@/server/conversation/voice";
import { openServiceDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import { appRouter } from "@/server/router";
import { createRequestContext } from "@/server/trpc/context";
import { describeProcedures } from "@/server/trpc/describe-procedures";
import { handleTrpcRequest } from "@/server/trpc/http-handler";
import { collect } from "@/tests/support/collect";
import type { FaultProxy } from "@/tests/support/database/fault-proxy";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";

// Every procedure, while the database accepts calls and never answers: the page gets an error within ten seconds.

const ANSWERED_WITHIN_MS = 10_000;

const stack = inject("stack");
const procedures = describeProcedures(appRouter);

interface Place {
  proxy: FaultProxy;
  app: TestApp;
  person: Person;
  sessionId: string;
  /** The last reply of the session. */
  replyId: string;
}

/** A person with one conversation, and an app of their own over a database that can be made to hang. */
async function createPlace(): Promise<Place> {
  const proxy = await startFaultProxy(stack.url);
  const app = createTestApp({ stack: { ...stack, url: proxy.url } });
  const person = await createPerson(stack, { name: "Noa" });
  const { id: sessionId } = await app.as(person).sessions.create({});
  const message = { sessionId, id: randomUUID(), content: "hello" };
  const last = (await collect(await app.as(person).messages.send(message))).at(-1);
  if (last?.type !== "message") throw new Error("There is no reply");
  await app.backgroundDone();
  return { proxy, app, person, sessionId, replyId: last.message.id };
}

/** A value for each field that a procedure may require, by name. A new field needs a value here. */
const valuesFor = ({ sessionId, replyId, person }: Place): Record<string, unknown> => ({
  sessionId,
  replyId,
  messageId: replyId,
  variant: 1,
  id: randomUUID(),
  dreamId: randomUUID(),
  reflectionId: randomUUID(),
  patternId: randomUUID(),
  status: "active",
  title: "Learn to sail",
  name: "Noa",
  content: "hello",
  tone: "calm",
  search: "hello",
  items: [{ kind: "dream", id: randomUUID() }],
  kind: "dream",
  range: "1h",
  from: "2026-10-01T00:00:00.000Z",
  until: "2026-11-01T00:00:00.000Z",
  paused: true,
  offRecord: false,
  email: person.email,
});

interface Answer {
  path: string;
  status: number;
  text: string;
  ms: number;
}

/** Calls a procedure over HTTP as a page does, and reads the answer to its end. */
async function call(place: Place, path: string): Promise<Answer> {
  const procedure = procedures.find((each) => each.path === path);
  if (procedure === undefined) throw new Error(`There is no procedure ${path}`);
  const values = valuesFor(place);
  const wanted = procedure.fields.filter(({ required }) => required).map(({ name }) => [name, values[name]]);
  for (const [name, value] of wanted) if (value === undefined) throw new Error(`${path} has no value for ${name}`);
  const input = JSON.stringify({ 0: Object.fromEntries(wanted) });
  const isQuery = procedure.kind === "query";
  const query = new URLSearchParams({ batch: "1", ...(isQuery && { input }) });
  const request = new Request(`http://clarify.test/api/trpc/${path}?${query}`, {
    headers: { "content-type": "application/json", "trpc-accept": "application/jsonl" },
    ...(!isQuery && { method: "POST", body: input }),
  });
  const { app, person } = place;
  const begun = performance.now();
  const response = await handleTrpcRequest(request, {
    router: appRouter,
    createContext: async () => createRequestContext(app.services, { requestId: path, user: person }),
  });
  const text = await response.text();
  return { path, status: response.status, text, ms: performance.now() - begun };
}

/** Calls all procedures at once, and last the one that removes the data. */
async function callAll(place: Place): Promise<Answer[]> {
  const paths = procedures.map(({ path }) => path);
  const answers = await Promise.all(paths.filter((path) => path !== LAST).map((path) => call(place, path)));
  return [...answers, await call(place, LAST)];
}

const LAST = "account.remove";

function expectInTime(answers: readonly Answer[]): void {
  for (const { path, text, ms } of answers) {
    expect(ms, `${path}: ${text.slice(0, 300)}`).toBeLessThan(ANSWERED_WITHIN_MS);
    expect(text, path).not.toContain('"httpStatus":500');
  }
}

describe("a database that hangs", () => {
  let place: Place;
  beforeEach(async () => {
    place = await createPlace();
  });

  it("has every procedure answer or fail in time, with the reason, and work again afterwards", async () => {
    place.proxy.inject({ kind: "hang" });
    const answers = await callAll(place);
    expectInTime(answers);
    for (const path of ["dreams.list", "messages.list", "sessions.list", "messages.resume", "messages.stop"]) {
      const answer = answers.find((each) => each.path === path);
      expect(answer?.text, path).toContain("The database did not answer in time. Please try again.");
      expect(answer?.text, path).toContain('"code":"GATEWAY_TIMEOUT"');
    }

    place.proxy.heal();
    for (const { path } of procedures.filter(({ kind }) => kind === "query")) {
      const { text, ms } = await call(place, path);
      expect(text, path).not.toMatch(/"code":"(GATEWAY_TIMEOUT|SERVICE_UNAVAILABLE|INTERNAL_SERVER_ERROR)"/);
      expect(ms, path).toBeLessThan(2_000);
    }
    const { text } = await call(place, "messages.send");
    expect(text).toContain('"status":"complete"');
    await place.proxy.close();
  }, 60_000);

  it("in one table or function only delays no procedure more than that", async () => {
    const callers = new Map<string, string[]>();
    for (const { path } of [...procedures.filter((each) => each.path !== LAST), { path: LAST }]) {
      place.proxy.forget();
      await call(place, path);
      await place.app.backgroundDone();
      for (const asked of new Set(place.proxy.requests.map((request) => request.path.replace(/\?.*/, "")))) {
        callers.set(asked, [...(callers.get(asked) ?? []), path]);
      }
    }
    await place.proxy.close();
    for (const each of ["clarify_messages", "rpc/begin_message", "rpc/begin_resume", "rpc/running_reply"]) {
      expect([...callers.keys()]).toContain(`/rest/v1/${each}`);
    }

    const hanging: { other: Place; paths: string[] }[] = [];
    for (const [asked, paths] of callers) {
      const other = await createPlace();
      other.proxy.inject({ kind: "hang" }, new RegExp(` ${asked}(\\?|$)`));
      hanging.push({ other, paths });
    }
    await Promise.all(
      hanging.map(async ({ other, paths }) => {
        expectInTime(await Promise.all(paths.map((path) => call(other, path))));
        await other.proxy.close();
      }),
    );
  }, 120_000);
});

describe("a call of the database that hangs", () => {
  let proxy: FaultProxy;
  beforeAll(async () => {
    proxy = await startFaultProxy(stack.url);
  });
  afterAll(() => proxy.close());

  it("while the claim on a reply without text is released delays only the refusal", async () => {
    const voice: Voice = {
      kind: "model",
      model: "test",
      // biome-ignore lint/correctness/useYield: It fails before its first word.
      async *reply() {
        throw new VoiceError("rejected");
      },
    };
    const app = createTestApp({ stack: { ...stack, url: proxy.url }, voice });
    const person = await createPerson(stack);
    const { id: sessionId } = await app.as(person).sessions.create({});
    proxy.inject({ kind: "hang" }, /hold_claim/);
    const begun = performance.now();
    const sending = async () =>
      collect(await app.as(person).messages.send({ sessionId, id: randomUUID(), content: "hello" }));
    await expect(sending()).rejects.toMatchObject({ code: "BAD_GATEWAY" });
    expect(performance.now() - begun).toBeLessThan(ANSWERED_WITHIN_MS);
    expect(proxy.count(/hold_claim/)).toBe(1);
    await app.backgroundDone();
  });

  it("fails a call of the jobs as well, with the same error", async () => {
    proxy.inject({ kind: "hang" });
    const jobs = openServiceDatabase({ url: proxy.url, secretKey: stack.secretKey });
    const asked = jobs.rpc("people_to_consolidate", { p_min_messages: 1, p_limit: 1 });
    await expect(Promise.resolve(asked).then(unwrap)).rejects.toMatchObject({ code: "timeout", status: 0 });
  });
});
