import { describe, expect, it } from "vitest";
import { createDismissals } from "@/components/conversation/state/dismissals";
import type { Known } from "@/components/opening/opening";
import { openingsFrom, openingWords } from "@/components/opening/opening";
import { en } from "@/components/words/en";
import { he } from "@/components/words/he";
import { createSpeech } from "@/components/words/speech";
import type { Message } from "@/server/conversation/events";
import type { Dream } from "@/server/dreams/dream";
import type { Reflection } from "@/server/reflections/router";
import type { Session } from "@/server/sessions/router";
import { storageWith } from "./storage";

const NOW = new Date("2026-11-30T12:00:00Z");
const ago = (days: number) => new Date(NOW.getTime() - days * 24 * 60 * 60_000).toISOString();

const dream = (fields: Partial<Dream> = {}): Dream => ({
  id: "jar",
  title: "Throw a moon jar",
  description: null,
  category: null,
  status: "active",
  paused: false,
  targetDate: null,
  sessionId: null,
  achievedAt: null,
  releasedAt: null,
  createdAt: ago(3),
  updatedAt: ago(3),
  ...fields,
});

const reflection = (fields: Partial<Reflection> = {}): Reflection => ({
  id: "cold",
  tone: null,
  content: "Stood in the empty room. It felt less cold.",
  paused: false,
  dreamId: null,
  createdAt: ago(2),
  updatedAt: ago(2),
  ...fields,
});

const session = (fields: Partial<Session> = {}): Session => ({
  id: "leave",
  title: "The leave",
  status: "active",
  offRecord: false,
  messageCount: 2,
  lastMessageAt: ago(1),
  createdAt: ago(1),
  ...fields,
});

const message = (fields: Partial<Message> = {}): Message => ({
  id: "asked",
  role: "user",
  content: "I thought about it. I am going to ask about six months. Yes.",
  status: "complete",
  replyTo: null,
  model: null,
  dreams: [],
  receipts: [],
  variant: null,
  answering: false,
  createdAt: ago(1),
  ...fields,
});

const known = (fields: Partial<Known> = {}): Known => ({ dreams: [], reflections: [], last: null, ...fields });
const lastOf = (session_: Session, ...messages: Message[]): Known["last"] => ({ session: session_, messages });
const kinds = (things: Known) => openingsFrom(things, NOW, "UTC").map(({ kind, words }) => `${kind}: ${words}`);

describe("an opening is drawn from", () => {
  it("a dream whose day comes within two weeks, the nearest first", () => {
    const dreams = [
      dream({ id: "a", title: "Later", targetDate: "2026-12-14" }),
      dream({ id: "b", title: "Sooner", targetDate: "2026-11-30" }),
      dream({ id: "c", title: "Too far", targetDate: "2026-12-15" }),
      dream({ id: "d", title: "Past", targetDate: "2026-11-29" }),
    ];
    expect(kinds(known({ dreams }))).toEqual(["due: Sooner", "due: Later"]);
  });

  it("the end of the last conversation, in the last sentence that says something", () => {
    const reply = message({ id: "reply", role: "assistant", content: "What would you need for that?" });
    expect(kinds(known({ last: lastOf(session(), message(), reply) }))).toEqual([
      "said: I am going to ask about six months.",
    ]);
  });

  it("a reflection of this week", () => {
    const reflections = [reflection(), reflection({ id: "older", createdAt: ago(3) })];
    expect(kinds(known({ reflections }))).toEqual(["wrote: It felt less cold."]);
    expect(kinds(known({ reflections: [reflection({ createdAt: ago(8) })] }))).toEqual([]);
  });

  it("a dream that has been quiet for a month, the quietest first", () => {
    const dreams = [dream({ id: "a", title: "Quiet", updatedAt: ago(30) }), dream({ id: "b", updatedAt: ago(90) })];
    expect(kinds(known({ dreams }))).toEqual(["quiet: Throw a moon jar", "quiet: Quiet"]);
    const named = lastOf(session({ offRecord: true }), message({ content: "I long to throw a moon jar." }));
    expect(kinds(known({ dreams, last: named }))).toEqual(["quiet: Quiet"]);
    const reflections = [reflection({ dreamId: "a", createdAt: ago(20) })];
    expect(kinds(known({ dreams, reflections }))).toEqual(["quiet: Throw a moon jar"]);
  });
});

describe("nothing is drawn from", () => {
  it.each<[string, Known]>([
    ["nothing", known()],
    ["what was said just now", known({ last: lastOf(session(), message({ createdAt: ago(0.2) })) })],
    ["what was said long ago", known({ last: lastOf(session(), message({ createdAt: ago(15) })) })],
    ["a conversation off the record", known({ last: lastOf(session({ offRecord: true }), message()) })],
    [
      "last words of death",
      known({ last: lastOf(session(), message({ content: "My father is dead, I keep thinking." })) }),
    ],
    ["a reflection on death", known({ reflections: [reflection({ content: "Death is everywhere this week." })] })],
    ["an archived conversation", known({ last: lastOf(session({ status: "archived" }), message()) })],
    ["a paused dream", known({ dreams: [dream({ paused: true, targetDate: "2026-12-01" })] })],
    ["an achieved dream", known({ dreams: [dream({ status: "achieved", targetDate: "2026-12-01" })] })],
    ["a paused reflection", known({ reflections: [reflection({ paused: true })] })],
    ["a dream of despair", known({ dreams: [dream({ title: "I want to die", targetDate: "2026-12-01" })] })],
  ])("%s", (_what, things) => {
    expect(kinds(things)).toEqual([]);
  });

  it.each<[string, Partial<Known>]>([
    ["conversation", { last: lastOf(session(), message({ content: "I want to kill myself." }), message()) }],
    ["conversation's title", { last: lastOf(session({ title: null }), message()) }],
    [
      "conversation off the record",
      { last: lastOf(session({ offRecord: true }), message({ content: "I want to die." })) },
    ],
    ["archived one", { last: lastOf(session({ status: "archived" }), message({ content: "I want to die." })) }],
    ["reflection", { reflections: [reflection({ content: "אני רוצה למות" })] }],
    ["paused reflection", { reflections: [reflection({ content: "I want to die.", paused: true })] }],
  ])("anything at all while the latest %s speaks of despair", (_what, things) => {
    expect(kinds(known({ dreams: [dream({ targetDate: "2026-12-01" })], ...things }))).toEqual([]);
  });
});

describe("its words", () => {
  const [due] = openingsFrom(known({ dreams: [dream({ targetDate: "2026-12-01" })] }), NOW, "UTC");
  const [said] = openingsFrom(known({ last: lastOf(session(), message()) }), NOW, "UTC");
  const onSunday = { kind: "said", key: "k", words: "I will ask.", day: "2026-11-29T23:30:00Z" } as const;

  it("name the day as a person would, in their own zone", () => {
    const english = createSpeech("en", en);
    expect(due && openingWords(due, NOW, english, "UTC").begin).toBe(
      "About “Throw a moon jar”, which is due tomorrow: ",
    );
    expect(said && openingWords(said, NOW, english, "UTC").offer).toContain("What you said yesterday: ");
    expect(openingWords({ ...onSunday, day: ago(3) }, NOW, english, "UTC").begin).toContain("I said on Friday: ");
    expect(openingWords({ ...onSunday, day: ago(9) }, NOW, english, "UTC").begin).toContain("on 21 November 2026");
    expect(openingWords(onSunday, NOW, english, "Asia/Jerusalem").begin).toContain("I said today: ");
  });

  it("are Hebrew in Hebrew, with the quotation in its own direction, which the composer does not get", () => {
    const { offer, begin } = openingWords({ ...onSunday, day: ago(3) }, NOW, createSpeech("he", he), "UTC");
    expect(offer).toBe("מה שאמרת ביום שישי: ”\u2068I will ask.\u2069” להמשיך משם?");
    expect(begin).toBe("אמרתי ביום שישי: ”I will ask.” מאז, ");
  });

  it("cut a long quotation at a word, on one line", () => {
    const content = `Because ${"of the sea and\n ".repeat(30)}me`.replaceAll("\n", "");
    const [cut] = openingsFrom(known({ last: lastOf(session(), message({ content })) }), NOW, "UTC");
    expect(cut?.words).toMatch(/^Because of the sea .*…$/);
    expect(cut?.words.length).toBeLessThanOrEqual(140);
  });
});

it("what was dismissed stays so for that person only, and the oldest are forgotten", () => {
  const storage = storageWith();
  const dismissals = createDismissals(() => storage, "noa");
  dismissals.add("due:jar");
  expect(createDismissals(() => storage, "noa").has("due:jar")).toBe(true);
  expect(createDismissals(() => storage, "dan").has("due:jar")).toBe(false);
  for (let number = 0; number < 100; number += 1) dismissals.add(`due:${number}`);
  expect(dismissals.has("due:jar")).toBe(false);
  expect(dismissals.has("due:0")).toBe(true);
  dismissals.clear();
  expect(dismissals.has("due:0")).toBe(false);
});
