import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { namesOf } from "@/server/cache/entry";
import { WRITE_KINDS } from "@/server/clarify/invalidation";
import { handleDatabaseWebhook } from "@/server/hooks/database-webhook";
import { createLogger } from "@/server/telemetry/logger";

const SECRET = "a-secret-of-some-length";
const ME = randomUUID();
const YOU = randomUUID();

let invalidated: string[][];
let lines: string[];
beforeEach(() => {
  invalidated = [];
  lines = [];
});

function post(body: BodyInit | null, headers: Record<string, string> = { authorization: `Bearer ${SECRET}` }) {
  // A stream as body wants `duplex`, which the types do not know yet.
  const init = { method: "POST", body, headers, duplex: "half" };
  return send(new Request("https://app.example/api/hooks/database", init));
}

function send(request: Request, secret: string | undefined = SECRET) {
  return handleDatabaseWebhook(request, {
    cache: {
      async invalidate(outdated) {
        invalidated.push([...namesOf(outdated)]);
      },
    },
    secret,
    logger: createLogger("trace", { destination: { write: (line) => lines.push(line) } }),
  });
}

/** An event as Supabase sends it, with the whole row in it. */
function event(type: string, table: string, [owner, formerOwner = owner]: string[] = [ME]) {
  const row = (userId: string | undefined) =>
    table === "users" ? { id: userId, name: "Noa" } : { id: randomUUID(), user_id: userId, content: "my secret" };
  return {
    type,
    schema: "public",
    table,
    record: type === "DELETE" ? null : row(owner),
    old_record: type === "INSERT" ? null : row(formerOwner),
  };
}

/** The keys of sections, and of the kept messages of conversations. */
const keysOf = (names: string[], userId = ME) =>
  names.map((name) => (name === "history" ? `history:{${userId}}` : `ctx:${name}:{${userId}}`));
const ALL = ["user", "dreams", "patterns", "sessions", "reflections"];

describe("an event", () => {
  it.each([
    ["INSERT", "users", ["user"]],
    ["UPDATE", "users", ["user"]],
    ["DELETE", "users", [...ALL, "history"]],
    ["INSERT", "dreams", ["dreams"]],
    ["UPDATE", "dreams", ["dreams"]],
    ["DELETE", "dreams", ["dreams"]],
    ["INSERT", "clarify_patterns", ["patterns"]],
    ["UPDATE", "clarify_patterns", ["patterns"]],
    ["DELETE", "clarify_patterns", ["patterns"]],
    ["INSERT", "clarify_sessions", ["sessions", "user", "history"]],
    ["UPDATE", "clarify_sessions", ["sessions"]],
    ["DELETE", "clarify_sessions", ["sessions", "user", "history"]],
    ["INSERT", "clarify_messages", ["sessions", "history"]],
    ["UPDATE", "clarify_messages", ["sessions", "history"]],
    ["DELETE", "clarify_messages", ["sessions", "history"]],
    ["INSERT", "reflections", ["reflections", "user"]],
    ["UPDATE", "reflections", ["reflections", "user"]],
    ["DELETE", "reflections", ["reflections", "user"]],
  ])("%s on %s outdates %j", async (type, table, sections) => {
    const response = await post(JSON.stringify(event(type, table)));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ outdated: sections.length });
    expect(invalidated).toEqual([keysOf(sections)]);
  });

  // A person's own row has no other owner, and what is in the bin is in no section.
  it.each(Object.keys(WRITE_KINDS).filter((table) => !["users", "bin"].includes(table)))(
    "of a row of %s that changes hands outdates what both people are told",
    async (table) => {
      expect((await post(JSON.stringify(event("UPDATE", table, [YOU, ME])))).status).toBe(200);
      const [keys = []] = invalidated;
      expect(keys.some((key) => key.includes(ME))).toBe(true);
      expect(keys.some((key) => key.includes(YOU))).toBe(true);
    },
  );

  it("for a session that changes its owner counts as removed and created, because the totals change", async () => {
    await post(JSON.stringify(event("UPDATE", "clarify_sessions", [YOU, ME])));
    const outdated = ["sessions", "user", "history"];
    expect(invalidated).toEqual([[...keysOf(outdated, ME), ...keysOf(outdated, YOU)]]);
  });

  it("may be replayed and reordered, because it only invalidates", async () => {
    const events = [event("DELETE", "dreams"), event("INSERT", "dreams"), event("INSERT", "dreams")];
    for (const each of events) expect((await post(JSON.stringify(each))).status).toBe(200);
    expect(invalidated).toEqual(Array(3).fill(keysOf(["dreams"])));
  });

  it.each([
    ["a table that no section is made of", { table: "invoices" }],
    ["another schema", { schema: "auth" }],
    ["a name that every object has", { table: "constructor" }],
  ])("of %s outdates nothing", async (_what, change) => {
    const response = await post(JSON.stringify({ ...event("INSERT", "users"), ...change }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ outdated: 0 });
    expect(invalidated.flat()).toEqual([]);
  });
});

describe("is refused", () => {
  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no type", JSON.stringify({ ...event("INSERT", "dreams"), type: undefined })],
    ["an unknown type", JSON.stringify({ ...event("INSERT", "dreams"), type: "TRUNCATE" })],
    ["an insert without its row", JSON.stringify({ ...event("INSERT", "dreams"), record: null })],
    ["a delete without its row", JSON.stringify({ ...event("DELETE", "dreams"), old_record: null })],
    ["an update without the former row", JSON.stringify({ ...event("UPDATE", "dreams"), old_record: null })],
    ["a row without owner", JSON.stringify({ ...event("INSERT", "dreams"), record: { id: ME } })],
    ["an owner that is no id", JSON.stringify({ ...event("INSERT", "dreams"), record: { user_id: "*" } })],
    ["no text", new Uint8Array([0x22, 0xff, 0x22])],
  ])("with 400: %s", async (_what, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: "This is not a database event." });
    expect(invalidated).toEqual([]);
  });

  it.each([
    ["no header", {}],
    ["another secret", { authorization: "Bearer another-secret-of-length" }],
    ["a part of it", { authorization: `Bearer ${SECRET.slice(0, -1)}` }],
    ["more than it", { authorization: `Bearer ${SECRET}x` }],
    ["an empty one", { authorization: "Bearer " }],
    ["another scheme", { authorization: `Basic ${SECRET}` }],
    ["the bare secret", { authorization: SECRET }],
  ])("with 401, before anything is read: %s", async (_what, headers) => {
    const unread = new ReadableStream(
      {
        pull() {
          throw new Error("The body was read");
        },
      },
      { highWaterMark: 0 },
    );
    expect((await post(unread, headers as Record<string, string>)).status).toBe(401);
    expect(invalidated).toEqual([]);
  });

  it("with 413 if it is larger than 256 kB by its content-length", async () => {
    expect((await post("x".repeat(256 * 1024 + 1))).status).toBe(413);
    const lying = { authorization: `Bearer ${SECRET}`, "content-length": "9999999" };
    expect((await post(JSON.stringify(event("INSERT", "dreams")), lying)).status).toBe(413);
  });

  it("with 413 if it never ends, without reading on", async () => {
    let sent = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
      },
      cancel() {
        cancelled = true;
      },
    });
    expect((await post(endless)).status).toBe(413);
    expect(sent).toBeLessThan(20);
    expect(cancelled).toBe(true);
    expect(invalidated).toEqual([]);
  });

  it("normally if it is exactly 256 kB", async () => {
    const body = JSON.stringify(event("INSERT", "dreams")).padEnd(256 * 1024, " ");
    expect((await post(body)).status).toBe(200);
  });

  it("with 503 if no secret is configured", async () => {
    const request = new Request("https://app.example/", { method: "POST", headers: { authorization: "Bearer " } });
    const response = await handleDatabaseWebhook(request, {
      cache: { invalidate: async () => {} },
      secret: undefined,
      logger: createLogger("silent"),
    });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ error: expect.stringContaining("WEBHOOK_SECRET is not set") });
  });
});

it("neither logs nor answers anything that a person wrote, or their id", async () => {
  const responses = [
    await post(JSON.stringify(event("INSERT", "reflections"))),
    await post(JSON.stringify({ ...event("INSERT", "reflections"), type: "my secret" })),
    await post('{"content":"my secret'),
  ];
  const answers = await Promise.all(responses.map((response) => response.text()));
  expect(`${answers.join()}${lines.join()}`).not.toMatch(new RegExp(`my secret|${ME}`));
  expect(lines.join()).toContain("database webhook");
});
