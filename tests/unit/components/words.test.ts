import { describe, expect, it } from "vitest";
import { relativeDayWords } from "@/components/ui/days";
import { en } from "@/components/words/en";
import { he } from "@/components/words/he";
import { languageOf } from "@/components/words/language";
import { createSpeech } from "@/components/words/speech";

/** Every sentence by its path, with the forms of a plural as one. */
function sentences(words: object, path = ""): [path: string, sentence: string][] {
  return Object.entries(words).flatMap(([key, entry]): [string, string][] => {
    const here = `${path}.${key}`;
    if (typeof entry === "string") return [[here, entry]];
    return "other" in entry ? [[here, Object.values(entry).join(" ")]] : sentences(entry, here);
  });
}

const gapsIn = (sentence: string) => [...new Set(sentence.match(/\{\w+\}/g))].sort();

describe("Hebrew", () => {
  const english = new Map(sentences(en));

  it.each(sentences(he).filter(([path]) => !path.startsWith(".failure.codes")))(
    "has the gaps of the English in %s, and no English words",
    (path, sentence) => {
      expect(gapsIn(sentence)).toEqual(gapsIn(english.get(path) ?? ""));
      expect(path.endsWith("insights") || path.endsWith("procedures") || /[\u0590-\u05ff]/.test(sentence)).toBe(true);
    },
  );

  it("counts as Hebrew does", () => {
    const speech = createSpeech("he", he);
    const count = (number: number) => speech.plural(he.sessions.messages, number);
    expect([0, 1, 2, 3, 1_200].map(count)).toEqual(["0 הודעות", "הודעה אחת", "שתי הודעות", "3 הודעות", "1,200 הודעות"]);
    expect(relativeDayWords("2026-11-20", new Date("2026-11-23T12:00:00Z"), speech, "UTC")).toBe(
      "יום שישי, 20 בנובמבר",
    );
  });
});

it("a gap without a value stays visible", () => {
  expect(createSpeech("en", en).fill("{a} and {b}", { a: "$&" })).toBe("$& and {b}");
});

describe("the language of a browser", () => {
  it.each([
    ["he-IL,he;q=0.9,en-US;q=0.8", "he"],
    ["en-GB,en;q=0.9,he;q=0.8", "en"],
    ["fr-FR,he;q=0.5,en;q=0.4", "he"],
    ["en;q=0.1, he", "he"],
    ["iw", "he"],
    ["he;q=0, en", "en"],
    ["fr", "en"],
    ["", "en"],
    [null, "en"],
    [";;q=,,,", "en"],
  ])("that asks for %s is %s", (header, language) => {
    expect(languageOf(header)).toBe(language);
  });
});
