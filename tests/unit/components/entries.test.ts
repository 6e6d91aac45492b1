import { describe, expect, it } from "vitest";
import { conversationEntries, storedEntries } from "@/components/conversation/entries/entries";
import type { Turn, TurnEvent } from "@/components/conversation/turn/turn";
import { advanceTurn, againTurn, resumeTurn, startTurn } from "@/components/conversation/turn/turn";
import type { Message } from "@/server/conversation/events";
import { english } from "../../support/english";

const words = english.words.conversation;
const gone = { message: "Gone.", offline: false, cutShort: false, retryAt: null };
const said = (id: string): Message => ({
  id,
  role: "user",
  content: `said ${id}`,
  status: "complete",
  replyTo: null,
  model: null,
  dreams: [],
  receipts: [],
  variant: null,
  answering: false,
  createdAt: "2026-11-23T08:00:00Z",
});
const reply = (to: string, status: Message["status"] = "complete"): Message => ({
  id: `r-${to}`,
  role: "assistant",
  content: `reply to ${to}`,
  status,
  replyTo: to,
  model: "offline",
  dreams: [],
  receipts: [],
  variant: null,
  answering: false,
  createdAt: "2026-11-23T08:00:01Z",
});
const turn = (id: string, ...events: TurnEvent[]): Turn =>
  events.reduce(advanceTurn, startTurn({ id, content: `said ${id}`, createdAt: "2026-11-23T08:01:00Z" }));

const view = (messages: Message[], turns: Turn[]) =>
  conversationEntries(storedEntries(messages, words), messages, turns, words);
const outline = (messages: Message[], turns: Turn[]) =>
  view(messages, turns).map((entry) => [entry.kind, entry.key, entry.kind === "reply" ? entry.state : ""]);

describe("the entries of a conversation", () => {
  it("shows a message and its waiting reply after the stored entries", () => {
    expect(outline([said("m1"), reply("m1")], [turn("m2")])).toEqual([
      ["said", "m1", ""],
      ["reply", "reply-to-m1", "complete"],
      ["said", "m2", ""],
      ["reply", "reply-to-m2", "waiting"],
    ]);
  });

  it("keeps its keys, and shows each message once, while a turn becomes stored messages", () => {
    const answered = turn("m1", { type: "text", delta: "reply" }, { type: "message", message: reply("m1") });
    const keys = (messages: Message[]) => view(messages, [answered]).map(({ key }) => key);
    const expected = ["m1", "reply-to-m1"];
    expect(keys([])).toEqual(expected);
    expect(keys([said("m1")])).toEqual(expected);
    expect(keys([said("m1"), reply("m1")])).toEqual(expected);
  });

  it("shows a dream as soon as it is created, and the stored one afterwards", () => {
    const kept = { id: "d1", title: "A room of her own" };
    const dreaming = turn("m1", { type: "dream", dream: kept });
    expect(view([], [dreaming]).at(-1)).toMatchObject({ kind: "reply", dreams: [kept] });
    const message = { ...reply("m1"), dreams: [kept] };
    expect(view([said("m1"), message], [dreaming]).at(-1)).toMatchObject({ state: "complete", dreams: [kept] });
  });

  it("offers to send a failed message again, with its own id, and keeps the text of its reply", () => {
    const failed = turn("m1", { type: "text", delta: "Half" }, { type: "failure", failure: gone });
    expect(outline([], [failed])).toEqual([
      ["said", "m1", ""],
      ["reply", "reply-to-m1", "failed"],
      ["trouble", "trouble-m1", ""],
    ]);
    expect(view([], [failed]).at(-1)).toMatchObject({
      message: "Gone.",
      resend: { id: "m1", content: "said m1" },
    });
  });

  it("marks a stopped reply as interrupted, and offers another try only if it has no text", () => {
    expect(outline([], [turn("m1", { type: "text", delta: "Half" }, { type: "stop" })])).toEqual([
      ["said", "m1", ""],
      ["reply", "reply-to-m1", "interrupted"],
    ]);
    expect(outline([], [turn("m1", { type: "stop" })])).toEqual([
      ["said", "m1", ""],
      ["trouble", "trouble-m1", ""],
    ]);
  });

  it("does not take a reply that the person stopped for a failure", () => {
    const troubleOf = (event: TurnEvent) => view([], [turn("m1", event)]).at(-1);
    expect(troubleOf({ type: "stop" })).toMatchObject({ kind: "trouble", calm: true });
    expect(troubleOf({ type: "failure", failure: gone })).toMatchObject({ calm: false });
  });

  it("offers to ask again when the last stored message has no reply and none is under way", () => {
    expect(outline([said("m1")], [])).toEqual([
      ["said", "m1", ""],
      ["trouble", "trouble-m1", ""],
    ]);
    expect(outline([said("m1")], [turn("m1")])).toEqual([
      ["said", "m1", ""],
      ["reply", "reply-to-m1", "waiting"],
    ]);
    expect(outline([said("m1"), reply("m1", "interrupted")], []).at(-1)).toEqual([
      "reply",
      "reply-to-m1",
      "interrupted",
    ]);
  });

  it("offers an answer to every message without one, also while a later one is being answered", () => {
    const messages = [said("m1"), said("m2"), reply("m2"), said("m3")];
    const before = ["m1", "trouble-m1", "m2", "reply-to-m2", "m3"];
    const keys = (turns: Turn[]) => view(messages, turns).map(({ key }) => key);
    expect(keys([])).toEqual([...before, "trouble-m3"]);
    expect(keys([turn("m3")])).toEqual([...before, "reply-to-m3"]);
  });

  it("answers an earlier message in its place", () => {
    const messages = [said("m1"), said("m2"), reply("m2")];
    const growing = turn("m1", { type: "text", delta: "at last" });
    expect(view(messages, [growing]).map(({ key }) => key)).toEqual(["m1", "reply-to-m1", "m2", "reply-to-m2"]);
  });

  it("shows a message that did not reach the server before what was said after it", () => {
    const failed = (id: string, after: string | null) =>
      advanceTurn(startTurn({ id, content: `said ${id}`, createdAt: "2026-11-23T09:00:00Z" }, after), {
        type: "failure",
        failure: gone,
      });
    const messages = [said("m1"), reply("m1"), said("m2"), reply("m2")];
    const turns = [failed("lost", "reply-to-m1"), failed("also-lost", "reply-to-m1")];
    const shown = ["lost", "trouble-lost", "also-lost", "trouble-also-lost"];
    const keys = (unsent: Turn[]) => view(messages, unsent).map(({ key }) => key);
    expect(keys(turns)).toEqual(["m1", "reply-to-m1", ...shown, "m2", "reply-to-m2"]);
    expect(keys([failed("first", null)])).toEqual(["first", "trouble-first", "m1", "reply-to-m1", "m2", "reply-to-m2"]);
    // It was written behind an entry that is not loaded, or in a conversation that was not open.
    expect(keys([failed("far", "reply-to-m9"), turn("m3")]).slice(4)).toEqual([
      "far",
      "trouble-far",
      "m3",
      "reply-to-m3",
    ]);
  });

  it("offers to take a message back only if the server may not have it, and gives the time when trying again can succeed", () => {
    const failure = { ...gone, retryAt: 9_000 };
    const context = { tokens: 1, budget: 2, buildMs: 3, sections: [], related: [] };
    const refused = turn("m1", { type: "failure", failure });
    expect(view([], [refused]).at(-1)).toMatchObject({ editable: true, retryAt: 9_000 });
    const stored = turn("m1", { type: "context", context }, { type: "failure", failure: gone });
    expect(view([], [stored]).at(-1)).toMatchObject({ editable: false, retryAt: null });
  });

  it("offers to continue a stored reply that ended early, and lets it grow in its place", () => {
    const messages = [said("m1"), reply("m1", "interrupted")];
    const beginning = reply("m1", "interrupted");
    expect(view(messages, []).at(-1)).toMatchObject({ unfinished: beginning });
    expect(view([said("m1"), reply("m1")], []).at(-1)).toMatchObject({ unfinished: null });

    const more: TurnEvent = { type: "text", delta: ", and more" };
    const growing = advanceTurn(resumeTurn(beginning), more);
    expect(view(messages, [growing]).map(({ key }) => key)).toEqual(["m1", "reply-to-m1"]);
    expect(view(messages, [growing]).at(-1)).toMatchObject({ state: "streaming", content: "reply to m1, and more" });
  });

  it("keeps the text of a continuation until the stored reply contains it", () => {
    const growing = advanceTurn(resumeTurn(reply("m1", "interrupted")), { type: "text", delta: ", and more" });
    const stopped = advanceTurn(growing, { type: "stop" });
    const last = (stored: Message) => view([said("m1"), stored], [stopped]).at(-1);
    expect(last(reply("m1", "interrupted"))).toMatchObject({ state: "interrupted", content: "reply to m1, and more" });
    const caughtUp = { ...reply("m1"), content: "reply to m1, and more, and the rest" };
    expect(last(caughtUp)).toMatchObject({ state: "complete", content: caughtUp.content });
  });

  it("keeps the identity of stored entries while a reply grows", () => {
    const messages = [said("m1"), reply("m1")];
    const stored = storedEntries([said("m0"), ...messages], words);
    const growing = [turn("m2", { type: "text", delta: "a" })];
    const shown = conversationEntries(stored, messages, growing, words);
    expect(stored.map(({ key }) => key)).toEqual(["m0", "trouble-m0", "m1", "reply-to-m1"]);
    for (const [at, entry] of stored.entries()) expect(shown[at]).toBe(entry);
  });
});

describe("a message that is answered again", () => {
  const messages = [said("m1"), reply("m1"), said("m2"), reply("m2")];
  const again = (...events: TurnEvent[]) =>
    events.reduce(advanceTurn, againTurn({ message: said("m2"), reply: reply("m2") }, "in other words"));
  const shown = (turns: Turn[], stored = messages) =>
    view(stored, turns)
      .slice(2)
      .map((entry) => ("content" in entry ? entry.content : entry.kind));
  const begun: TurnEvent = { type: "text", delta: "another" };

  it("shows its words and the new answer as it arrives, in the place of the previous one", () => {
    expect(shown([again()])).toEqual(["in other words", ""]);
    expect(shown([again(begun)])).toEqual(["in other words", "another"]);
    expect(outline(messages, [again(begun)]).at(-1)).toEqual(["reply", "reply-to-m2", "streaming"]);
  });

  it("shows the previous answer when the new one failed", () => {
    expect(shown([again({ type: "failure", failure: gone })])).toEqual(["said m2", "reply to m2"]);
    expect(shown([again(begun, { type: "failure", failure: gone })])).toEqual(["said m2", "reply to m2"]);
    expect(shown([again({ type: "stop" })])).toEqual(["said m2", "reply to m2"]);
  });

  it("shows the text of a stopped answer, and the stored answer when there is one", () => {
    expect(shown([again(begun, { type: "stop" })])).toEqual(["in other words", "another"]);
    const stored = [...messages.slice(0, 3), { ...reply("m2"), id: "r2-m2", content: "as stored" }];
    expect(shown([again(begun, { type: "stop" })], stored)).toEqual(["said m2", "as stored"]);
  });

  it("is only the last one, and not while it is being answered", () => {
    const pairs = (turns: Turn[]) => view(messages, turns).map((entry) => "pair" in entry && entry.pair?.message.id);
    expect(pairs([])).toEqual([undefined, undefined, "m2", "m2"]);
    expect(pairs([again()])).toEqual([undefined, undefined, undefined, undefined]);
    expect(view([said("m1")], []).map((entry) => "pair" in entry && entry.pair)).toEqual([null, false]);
  });
});
