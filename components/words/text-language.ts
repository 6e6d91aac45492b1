import type { Language } from "./language";

/** Enough of a text to see its script. */
const SAMPLE_LENGTH = 400;

const SCRIPTS: Record<Language, RegExp> = { en: /\p{Script=Latin}/gu, he: /\p{Script=Hebrew}/gu };

/**
 * The language of the interface whose script most letters of a text have; undefined for other scripts. So a screen reader
 * speaks a Hebrew text on an English page with its Hebrew voice.
 */
export function languageOfText(text: string): Language | undefined {
  const sample = text.slice(0, SAMPLE_LENGTH);
  const count = (language: Language) => sample.match(SCRIPTS[language])?.length ?? 0;
  const [latin, hebrew] = [count("en"), count("he")];
  const others = (sample.match(/\p{Letter}/gu)?.length ?? 0) - latin - hebrew;
  if (hebrew > Math.max(latin, others)) return "he";
  return latin > others ? "en" : undefined;
}

/** The attributes of an element that shows what a person or the model wrote: each of its paragraphs has its own direction. */
export function writtenText(text: string) {
  return { dir: "auto", lang: languageOfText(text) } as const;
}
