import { describe, expect, it } from "vitest";
import { unsentMessages } from "@/components/conversation/sending/use-resend";
import { createOutbox } from "@/components/conversation/state/outbox";
import type { Turn, TurnEvent } from "@/components/conversation/turn/turn";
import { advanceTurn, againTurn, resumeTurn, startTurn } from "@/components/conversation/turn/turn";
import { storageWith } from "./storage";

const message = (id: string, minute = 0) => ({
  id,
  content: `said ${id}`,
  createdAt: `2026-11-23T08:0${minute}:00Z`,
});

describe("the outbox", () => {
  it("keeps messages in their order, per conversation and across reloads", () => {
    const storage = storageWith();
    const outbox = createOutbox(() => storage, "noa");
    outbox.put("a", message("m1"));
    outbox.put("a", message("m2"));
    outbox.put("a", { ...message("m1"), createdAt: "2026-11-23T09:00:00Z" });
    const reloaded = createOutbox(() => storage, "noa");
    expect(reloaded.read("a")).toEqual([message("m1"), message("m2")]);
    expect(reloaded.read("b")).toEqual([]);
  });

  it("moves nothing when it is asked for no conversation", () => {
    const storage = storageWith();
    const outbox = createOutbox(() => storage, "noa");
    outbox.put("a", message("m1"));
    expect(outbox.read("")).toEqual([]);
    expect(outbox.read("a")).toEqual([message("m1")]);
  });

  it("removes sent messages, those of a removed conversation, and those of a person who signed out", () => {
    const storage = storageWith({ other: "kept" });
    const outbox = createOutbox(() => storage, "noa");
    for (const session of ["a", "b", "c"]) outbox.put(session, message("m1"));
    outbox.remove("a", "m1");
    outbox.removeAll("b");
    expect([...storage.entries.keys()]).toEqual(["other", "clarify:outbox:noa:c:m1"]);
    outbox.clear();
    expect([...storage.entries.keys()]).toEqual(["other"]);
    expect(outbox.read("c")).toEqual([]);
  });

  it("loses nothing to another tab that keeps messages of the same conversation", () => {
    const storage = storageWith();
    const [one, other] = [createOutbox(() => storage, "noa"), createOutbox(() => storage, "noa")];
    expect([one.read("a"), other.read("a")]).toEqual([[], []]);
    one.put("a", message("m1", 1));
    other.put("a", message("m2", 2));
    one.put("a", message("m3", 3));
    other.remove("a", "m1");
    for (const outbox of [one, other]) expect(outbox.read("a").map(({ id }) => id)).toEqual(["m2", "m3"]);
  });

  it("separates people, and lists the conversations with unsent messages", () => {
    const storage = storageWith();
    const [noas, bens] = [createOutbox(() => storage, "noa"), createOutbox(() => storage, "ben")];
    noas.put("b", message("m1"));
    noas.put("a", message("m2"));
    noas.put("a", message("m3"));
    expect([noas.sessions(), bens.sessions(), bens.read("a")]).toEqual([["a", "b"], [], []]);
    noas.removeAll("a");
    expect(noas.sessions()).toEqual(["b"]);
  });

  it.each([
    { "clarify:outbox:a": JSON.stringify([message("m1"), message("m2", 1)]) },
    {
      "clarify:outbox:a:m1": JSON.stringify([message("m1")]),
      "clarify:outbox:a:m2": JSON.stringify([message("m2", 1)]),
    },
  ])("takes over what earlier versions kept: %o", (kept) => {
    const storage = storageWith(kept);
    const outbox = createOutbox(() => storage, "noa");
    outbox.remove("a", "m1");
    expect(outbox.read("a")).toEqual([message("m2", 1)]);
    expect([...storage.entries.keys()]).toEqual(["clarify:outbox:noa:a:m2"]);
  });

  it("keeps messages without a storage for as long as the page is open", () => {
    const outbox = createOutbox(() => {
      throw new Error("forbidden");
    }, "noa");
    outbox.put("a", message("m1"));
    expect(outbox.read("a")).toEqual([message("m1")]);
    outbox.remove("a", "m1");
    expect(outbox.read("a")).toEqual([]);
  });

  it.each(["{", "7", "[null, 7]", '[{"id":"m1"}]'])("ignores text that it did not write: %s", (text) => {
    const storage = storageWith({ "clarify:outbox:a": text });
    expect(createOutbox(() => storage, "noa").read("a")).toEqual([]);
  });
});

describe("messages that are sent automatically", () => {
  const turn = (id: string, minute: number, ...events: TurnEvent[]): Turn =>
    events.reduce(advanceTurn, startTurn(message(id, minute)));
  const failure = (offline: boolean): TurnEvent => ({
    type: "failure",
    failure: { message: "No.", offline, cutShort: false, retryAt: null },
  });
  const ids = (...of: Parameters<typeof unsentMessages>) => unsentMessages(...of).map(({ id }) => id);

  it("are those that failed for lack of a connection and those of an earlier visit, oldest first", () => {
    expect(ids([turn("m2", 2, failure(true))], [message("m3", 3), message("m1", 1)])).toEqual(["m1", "m2", "m3"]);
  });

  it("are not those that are under way, stopped or refused, nor continuations, even while they are kept", () => {
    const turns = [turn("m1", 1), turn("m2", 2, { type: "stop" }), turn("m3", 3, failure(false))];
    expect(ids(turns, [message("m1"), message("m3")])).toEqual([]);
    const reply = { ...message("r1"), role: "assistant", status: "interrupted", replyTo: "m4" } as const;
    const more = { model: null, dreams: [], receipts: [], variant: null, answering: false };
    const resumed = advanceTurn(resumeTurn({ ...reply, ...more }), failure(true));
    const asked = { ...message("m4"), ...more, role: "user", status: "complete", replyTo: null } as const;
    const again = againTurn({ message: asked, reply: { ...reply, ...more } }, "in other words");
    expect(ids([resumed], [])).toEqual([]);
    expect(ids([advanceTurn(again, failure(true))], [])).toEqual([]);
  });
});
