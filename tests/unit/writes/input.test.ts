import { randomUUID } from "node:crypto";
import type { AnyProcedure } from "@trpc/server";
import { callTRPCProcedure } from "@trpc/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { SECTION_NAMES } from "@/server/clarify/sections";
import { openUserDatabase } from "@/server/database/client";
import { uuid } from "@/server/input";
import { appRouter } from "@/server/router";
import { createRequestContext } from "@/server/trpc/context";
import type { MutationPath } from "@/tests/support/mutations";
import { mutations } from "@/tests/support/mutations";
import { createTestApp } from "@/tests/support/test-app";

/** A field of an input, by examples. */
interface Field {
  accepts: readonly unknown[];
  refuses: readonly unknown[];
  /** May be left out. */
  optional: boolean;
}

const id: Field = {
  accepts: [randomUUID()],
  refuses: [undefined, null, "", "nonsense", `${randomUUID()}0`, 7, { eq: "x" }],
  optional: false,
};

/** Text of at most this many characters, of any number of bytes, that PostgreSQL can store. */
const text = (limit: number): Field => ({
  accepts: ["x", "x".repeat(limit), "😀".repeat(limit), ` ${"x".repeat(limit)}\n`],
  refuses: [
    undefined,
    null,
    "",
    " \n ",
    "x".repeat(limit + 1),
    "😀".repeat(limit + 1),
    "x".repeat(1_000_000),
    "nul \0",
    "half \ud800 pair",
    7,
    ["x"],
  ],
  optional: false,
});

/** Such a text, or null. */
const textOrNone = (limit: number): Field => {
  const field = text(limit);
  const none = new Set<unknown>([null, "", " \n "]);
  const refuses = field.refuses.filter((value) => !none.has(value));
  return orLeftOut({ ...field, accepts: [...field.accepts, ...none], refuses });
};

const oneOf = (...values: string[]): Field => ({
  accepts: values,
  refuses: [undefined, null, "", values[0]?.toUpperCase(), "constructor", 7, values],
  optional: false,
});

const day: Field = {
  accepts: ["2027-05-31", "2028-02-29", "0001-01-01", "9999-12-31"],
  refuses: [
    undefined,
    null,
    "",
    "soon",
    "2027-02-29",
    "2027-13-01",
    "2027-00-10",
    "0000-01-01",
    "31.05.2027",
    "2027-05-31T00:00:00Z",
    "20270-05-31",
    new Date(0),
    0,
  ],
  optional: false,
};

/** An unknown time zone is no reason to refuse a message. */
const timeZone: Field = {
  accepts: ["Asia/Jerusalem", "UTC", "Etc/Unknown", "", "x".repeat(64)],
  refuses: [null, "x".repeat(65), 120, ["UTC"]],
  optional: true,
};

const yesOrNo: Field = { accepts: [true, false], refuses: [undefined, null, "true", 1], optional: false };

function orNull(field: Field): Field {
  return { ...field, accepts: [...field.accepts, null], refuses: field.refuses.filter((value) => value !== null) };
}

function orLeftOut(field: Field): Field {
  return { ...field, refuses: field.refuses.filter((value) => value !== undefined), optional: true };
}

interface Input {
  fields: Record<string, Field>;
  /** Whether it needs at least one field besides those that identify the row. */
  wantsAChange?: true;
}

const dream = {
  title: text(200),
  description: textOrNone(4_000),
  category: textOrNone(50),
  targetDate: orLeftOut(orNull(day)),
};
const link = orLeftOut(orNull(id));

/** A mutation without an entry does not compile, and a field without one fails the test. */
const INPUTS: Record<MutationPath, Input> = {
  "account.update": {
    fields: {
      name: orLeftOut(text(100)),
      language: {
        accepts: ["he", "en", "fil"],
        refuses: [null, "", "HE", "he-IL", "e", "hebrew", "he\n", 7, ["he"]],
        optional: true,
      },
    },
    wantsAChange: true,
  },
  "account.remove": {
    fields: {
      email: {
        accepts: ["noa@example.com", "x".repeat(320)],
        refuses: [undefined, null, "x".repeat(321), 7],
        optional: false,
      },
    },
  },
  "bin.restore": { fields: { kind: oneOf("pattern", "dream", "reflection", "conversation"), id } },
  "clarifyContext.invalidate": {
    fields: {
      sections: {
        accepts: [["user"], SECTION_NAMES],
        refuses: [null, [], ["everything"], "user", [...SECTION_NAMES, "user"], [null]],
        optional: true,
      },
    },
  },
  "dreams.create": { fields: { id: orLeftOut(id), sessionId: link, ...dream } },
  "dreams.update": { fields: { dreamId: id, ...dream, title: orLeftOut(text(200)) }, wantsAChange: true },
  "dreams.setStatus": { fields: { dreamId: id, status: oneOf("active", "achieved", "released") } },
  "dreams.setPaused": { fields: { dreamId: id, paused: yesOrNo } },
  "dreams.remove": { fields: { dreamId: id } },
  "knowledge.forget": {
    fields: {
      items: {
        accepts: [
          [{ kind: "dream", id: randomUUID() }],
          ["pattern", "dream", "reflection", "conversation"].map((kind) => ({ kind, id: randomUUID() })),
          Array.from({ length: 100 }, () => ({ kind: "conversation", id: randomUUID() })),
        ],
        refuses: [
          undefined,
          null,
          [],
          [{ kind: "account", id: randomUUID() }],
          [{ kind: "dream", id: "nonsense" }],
          [{ kind: "dream" }],
          [{ kind: "dream", id: randomUUID(), user_id: randomUUID() }],
          { kind: "dream", id: randomUUID() },
          Array.from({ length: 101 }, () => ({ kind: "dream", id: randomUUID() })),
        ],
        optional: false,
      },
    },
  },
  "messages.send": {
    fields: {
      sessionId: id,
      id,
      content: text(4_000),
      opens: {
        accepts: [null, { offRecord: true }, { offRecord: false }],
        refuses: [{}, { offRecord: null }, { offRecord: true, title: "Mine" }, true],
        optional: true,
      },
      timeZone,
    },
  },
  "messages.resume": { fields: { sessionId: id, replyId: id, timeZone } },
  "messages.regenerate": { fields: { sessionId: id, messageId: id, replyId: id, timeZone } },
  "messages.edit": { fields: { sessionId: id, messageId: id, replyId: id, content: text(4_000), timeZone } },
  "messages.choose": {
    fields: {
      sessionId: id,
      messageId: id,
      variant: { accepts: [1, 2, 100_000], refuses: [undefined, null, 0, -1, 1.5, 100_001, "1"], optional: false },
    },
  },
  "messages.stop": { fields: { sessionId: id, messageId: orLeftOut(id) } },
  "messages.prewarm": { fields: { sessionId: id, isNew: orLeftOut(yesOrNo) } },
  "patterns.update": { fields: { patternId: id, content: text(300) } },
  "patterns.setPaused": { fields: { patternId: id, paused: yesOrNo } },
  "patterns.remove": { fields: { patternId: id } },
  "reflections.create": { fields: { id: orLeftOut(id), tone: textOrNone(40), content: text(10_000), dreamId: link } },
  "reflections.update": {
    fields: { reflectionId: id, tone: textOrNone(40), content: orLeftOut(text(10_000)), dreamId: link },
    wantsAChange: true,
  },
  "reflections.setPaused": { fields: { reflectionId: id, paused: yesOrNo } },
  "reflections.remove": { fields: { reflectionId: id } },
  "sessions.create": { fields: { id: orLeftOut(id), offRecord: orLeftOut(yesOrNo) } },
  "sessions.rename": { fields: { sessionId: id, title: text(200) } },
  "sessions.archive": { fields: { sessionId: id } },
  "sessions.restore": { fields: { sessionId: id } },
  "sessions.setOffRecord": { fields: { sessionId: id, offRecord: yesOrNo } },
  "sessions.remove": { fields: { sessionId: id } },
};

/**
 * Calls a mutation over a failing database; resolves with how often the database was called, and how the call failed.
 */
async function call(path: string, input: unknown): Promise<{ code: string | null; requests: number }> {
  let requests = 0;
  const stack = { url: "http://database.example", publishableKey: "key" };
  const databaseFetch: typeof fetch = async () => {
    requests += 1;
    return Response.json({ message: "nothing here" }, { status: 500 });
  };
  const app = createTestApp({ stack, databaseFetch });
  const accessToken = "token";
  const user = { id: randomUUID(), email: "noa@example.com", accessToken };
  const person = { ...user, database: openUserDatabase({ ...stack, accessToken }) };
  try {
    await callTRPCProcedure({
      router: appRouter,
      path,
      type: "mutation",
      ctx: createRequestContext(app.services, { requestId: "test", user: person }),
      getRawInput: async () => input,
      signal: undefined,
      batchIndex: 0,
    });
    return { code: null, requests };
  } catch (error) {
    return { code: z.object({ code: z.string() }).parse(error).code, requests };
  }
}

/** The fields of a procedure's own schema. */
function fieldsOf(procedure: AnyProcedure): string[] {
  const { inputs } = z.object({ inputs: z.array(z.custom<Pick<z.ZodType, "~standard">>()) }).parse(procedure._def);
  const fields = z.object({ properties: z.record(z.string(), z.unknown()) });
  return inputs.flatMap((input) => {
    const schema = input["~standard"].jsonSchema.input({ target: "draft-2020-12" });
    return Object.keys(fields.parse(schema).properties);
  });
}

it.each(mutations)("knows every field of %s", (path, procedure) => {
  expect(Object.keys(INPUTS)).toContain(path);
  expect(Object.keys(INPUTS[path as MutationPath].fields).sort()).toEqual(fieldsOf(procedure).sort());
});

describe.each(Object.entries(INPUTS))("%s", (path, { fields, wantsAChange }) => {
  const good = Object.fromEntries(Object.entries(fields).map(([name, { accepts }]) => [name, accepts[0]]));
  const required = Object.fromEntries(Object.entries(good).filter(([name]) => fields[name]?.optional === false));

  const accepted = async (input: unknown) => expect((await call(path, input)).code).not.toBe("BAD_REQUEST");
  const refused = async (input: unknown) =>
    expect(await call(path, input)).toEqual({ code: "BAD_REQUEST", requests: 0 });

  it("accepts valid input, and needs all required fields", async () => {
    await accepted(good);
    if (wantsAChange) await refused(required);
    else await accepted(required);
    for (const [name, { accepts }] of Object.entries(fields)) {
      for (const value of accepts) await accepted({ ...good, [name]: value });
    }
  });

  it.each(Object.entries(fields))("refuses a wrong %s before it asks the database anything", async (name, field) => {
    for (const value of field.refuses) await refused({ ...good, [name]: value });
  });

  it("refuses keys that it does not know", async () => {
    for (const key of ["user_id", "userId", "createdAt", "tier", "", "constructor"]) {
      await refused({ ...good, [key]: good[key] ?? randomUUID() });
    }
  });

  it("refuses input that is not an object", async () => {
    for (const input of [undefined, null, "x", 7, [], [good], true]) await refused(input);
  });
});

it("takes an id in capitals for the same id, in small letters, as PostgreSQL writes it", () => {
  const id = randomUUID();
  expect(uuid.parse(id.toUpperCase())).toBe(id);
});
