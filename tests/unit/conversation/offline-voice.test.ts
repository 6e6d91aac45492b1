import { describe, expect, it } from "vitest";
import type { ClarifyContext } from "@/server/clarify/sections";
import { CAREFUL_WORDS, CARING_WORDS, crisisIn } from "@/server/conversation/care";
import { createOfflineVoice } from "@/server/conversation/offline-voice";
import { GO_ON } from "@/server/conversation/prompt";
import type { ReplyRequest } from "@/server/conversation/voice";
import { CRISIS } from "../safety/crisis-corpus";

const context = (dream: string): ClarifyContext => ({
  text: "",
  tokens: 0,
  budget: 8_000,
  buildMs: 1,
  warmForMs: 0,
  sections: [
    {
      name: "dreams",
      source: "fresh",
      ageMs: 0,
      missingReason: null,
      itemsLoaded: 1,
      itemsIncluded: 1,
      more: false,
      tokens: 5,
      items: [{ id: "d1", label: dream, text: dream, tokens: 5, included: true, cutCharacters: 0 }],
    },
  ],
});

const voice = createOfflineVoice({ pause: async () => undefined });

async function say(history: ReplyRequest["history"], known = context("A boat of my own")): Promise<string> {
  const request = {
    context: known,
    history,
    crisis: crisisIn(history),
    today: "",
    signal: new AbortController().signal,
  };
  const createDream = () => Promise.reject(new Error("The offline voice creates nothing"));
  let text = "";
  for await (const event of voice.reply({ ...request, createDream })) if (event.type === "text") text += event.delta;
  return text;
}

const goOnAfter = (message: string, said: string): ReplyRequest["history"] => [
  { role: "user", content: message },
  { role: "assistant", content: said },
  { role: "user", content: GO_ON },
];

describe("the offline voice, continuing a reply that was cut off", () => {
  it.each(["I keep thinking about the sea.", "אני חושבת על הים."])(
    "says the rest, from wherever it stopped: %s",
    async (message) => {
      const whole = await say([{ role: "user", content: message }]);
      const words = whole.match(/\S+\s*/g) ?? [];
      for (const count of words.keys()) {
        const said = words.slice(0, count + 1).join("");
        expect(said + (await say(goOnAfter(message, said)))).toBe(whole);
        expect(said.trimEnd() + (await say(goOnAfter(message, said.trimEnd())))).toBe(whole);
      }
    },
  );

  it("asks a question if the context has changed since, and never quotes the instruction", async () => {
    const rest = await say(
      goOnAfter("I keep thinking about the sea.", "I hear you. It makes me think of"),
      context("A farm"),
    );
    expect(rest).toMatch(/^ [A-Z].+\?$/);
    expect(rest).not.toContain("cut off");
  });
});

describe("the offline voice, from answer to answer", () => {
  it("asks each of its questions, and speaks of what it knows in turn", async () => {
    const known = context("A boat of my own");
    const [dreams] = known.sections;
    if (dreams === undefined) throw new Error("There are no dreams");
    const reflections = {
      ...dreams,
      name: "reflections" as const,
      items: dreams.items.map((item) => ({ ...item, label: "The harbour" })),
    };
    const replies: string[] = [];
    const history: ReplyRequest["history"] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      history.push({ role: "user", content: "And then." });
      replies.push(await say(history, { ...known, sections: [dreams, reflections] }));
      history.push({ role: "assistant", content: "…" });
    }
    expect(replies.map((reply) => reply.includes("A boat of my own"))).toEqual([true, false, true, false]);
    expect(new Set(replies.map((reply) => reply.split(". ").at(-1))).size).toBe(4);
  });
});

describe("the offline voice, when somebody speaks of suicide or self-harm", () => {
  const said = (...messages: string[]): ReplyRequest["history"] =>
    messages.flatMap((content, index): ReplyRequest["history"] =>
      index === messages.length - 1
        ? [{ role: "user", content }]
        : [
            { role: "user", content },
            { role: "assistant", content: "…" },
          ],
    );

  it.each([
    ["en", "I want to die", "988"],
    ["en", "It was a long day. I don’t want to live anymore.", "findahelpline.com"],
    ["he", "אני רוצה למות", "1201"],
  ] as const)(
    "says that it is no person and whom to call, and repeats nothing (%s): %s",
    async (language, message, line) => {
      const reply = await say(said(message));
      expect(reply).toBe(CARING_WORDS[language].now.join(" "));
      expect(reply).toContain(line);
      expect(reply).not.toMatch(/[“”"]/);
    },
  );

  it.each([
    ["en", "It would be easier for all of you once I am dead."],
    ["en", "Sometimes death looks kind."],
    ["he", "המוות נראה לי לפעמים נעים."],
  ] as const)(
    "quotes nothing with a word of death either, whatever it means, and says whom to call (%s): %s",
    async (language, message) => {
      expect(crisisIn(said(message))).toBeNull();
      expect(await say(said(message))).toBe(CAREFUL_WORDS[language].join(" "));
    },
  );

  it("names no conversation with such words", async () => {
    const messages: ReplyRequest["history"] = [
      ...said("I think of the sea.", "It would be easier for all of you once I am dead."),
    ];
    const title = async (...titled: ReplyRequest["history"]) =>
      (await voice.title?.({ messages: titled, signal: new AbortController().signal }))?.words;
    expect(await title(...messages)).toBe("I think of the sea");
    expect(await title(...messages.slice(-1))).toBe("");
  });

  it.each([...CRISIS, ...CRISIS.map((words) => `And then I thought: ${words}`)])(
    "never says back: %s",
    async (words) => {
      const reply = await say(said(words), context(words));
      expect(reply).not.toContain("I hear you say");
      expect(reply).not.toContain("אני שומעת אותך אומר");
      expect(await say(said("The sea."), context(words))).not.toContain(words);
    },
  );

  it("does not return to quoting with the next two messages, and then does", async () => {
    const lately = CARING_WORDS.en.lately.join(" ");
    expect(await say(said("I want to die", "yes, tonight"))).toBe(lately);
    expect(await say(said("I want to die", "yes, tonight", "maybe not"))).toBe(lately);
    expect(await say(said("I want to die", "yes, tonight", "maybe not", "I called her."))).toContain("I called her");
  });

  it("says the rest of what it was saying, and nothing else", async () => {
    const whole = await say(said("I want to die"));
    const begun = whole.slice(0, 40);
    expect(begun + (await say(goOnAfter("I want to die", begun)))).toBe(whole);
  });

  it("does not bring up what somebody once wrote of it", async () => {
    expect(await say(said("I keep thinking about the sea."), context("I want to die"))).not.toContain("die");
  });
});
