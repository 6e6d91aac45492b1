import { fold } from "@/server/sessions/fold";
import { ENGLISH_STOP_WORDS, EVERYDAY_WORDS, HEBREW_STOP_WORDS, REPLY_WORDS } from "./plain-words";

/** A word of a text, in the order of the text. */
export interface TextWord {
  /** Folded, without apostrophes. */
  word: string;
  /** The forms in which it is compared: two words are the same if they share one. */
  forms: readonly string[];
  /** The number of its sentence. */
  sentence: number;
  /** `stop`: says nothing; `plain`: a word of everyday life, or of every reply; `telling`: the others. */
  weight: "stop" | "plain" | "telling";
}

/** The most characters of a text that are compared. */
const MOST_CHARACTERS = 12_000;

const WORD_OR_END = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’`´׳״]*|[.!?…。！？\n]+/gu;
const LETTER = /[\p{L}\p{N}]/u;

/** The words of a text. */
export function textWords(text: string): TextWord[] {
  let sentence = 0;
  const words: TextWord[] = [];
  for (const [found] of fold(text.slice(0, MOST_CHARACTERS)).matchAll(WORD_OR_END)) {
    if (!LETTER.test(found)) {
      sentence += 1;
      continue;
    }
    const word = found.replace(/['’`´]s$/, "").replace(/['’`´׳״]/g, "");
    const forms = formsOf(word);
    words.push({ word, forms, sentence, weight: weightOf(word, forms) });
  }
  return words;
}

/** The words of a text, and where each form of them stands, so that long texts are compared quickly. */
export interface WordIndex {
  words: readonly TextWord[];
  places: ReadonlyMap<string, readonly number[]>;
}

export function indexWords(words: readonly TextWord[]): WordIndex {
  const places = new Map<string, number[]>();
  words.forEach(({ forms }, at) => {
    for (const form of forms) {
      const known = places.get(form);
      if (known === undefined) places.set(form, [at]);
      else known.push(at);
    }
  });
  return { words, places };
}

export function holdsWord({ places }: WordIndex, { forms }: TextWord): boolean {
  return forms.some((form) => places.has(form));
}

/** Where the words of a run stand in a row; -1 if they do not. */
export function placeOfRun({ words, places }: WordIndex, run: readonly TextWord[]): number {
  const [first] = run;
  const starts = first === undefined ? [] : first.forms.flatMap((form) => places.get(form) ?? []);
  return starts.find((at) => isSameRun(words.slice(at, at + run.length), run)) ?? -1;
}

export function isSameRun(words: readonly TextWord[], run: readonly TextWord[]): boolean {
  return (
    words.length === run.length &&
    words.every((word, at) => {
      const other = run[at];
      return other !== undefined && isSameWord(word, other);
    })
  );
}

export function isSameWord(one: TextWord, other: TextWord): boolean {
  return one.forms.some((form) => other.forms.includes(form));
}

/**
 * Whether it is known which words of this text say little: in Hebrew, and in Latin letters if it reads like English. In
 * other languages a shared word may be one of those that are in every text.
 */
export function hasKnownWords(words: readonly TextWord[]): boolean {
  const latin = words.filter(({ word }) => /[a-z]/.test(word));
  const hebrew = words.filter(({ word }) => HEBREW.test(word));
  if (hebrew.length > latin.length) return hebrew.length * 2 > words.length;
  return latin.length * 2 > words.length && latin.filter(({ word }) => STOP_WORDS.has(word)).length * 4 >= latin.length;
}

const HEBREW = /[\u05d0-\u05ea]/;
const FINAL_LETTERS: Record<string, string> = { ך: "כ", ם: "מ", ן: "נ", ף: "פ", ץ: "צ" };
const STOP_WORDS = new Set([...ENGLISH_STOP_WORDS, ...HEBREW_STOP_WORDS].map(fold));
const PLAIN_FORMS = new Set([...EVERYDAY_WORDS, ...REPLY_WORDS].flatMap((word) => formsOf(fold(word)).slice(0, 1)));

function weightOf(word: string, forms: readonly string[]): TextWord["weight"] {
  if (STOP_WORDS.has(word) || word.length < 2 || /^\d+$/.test(word)) return "stop";
  if (word.length < 3 || forms.some((form) => PLAIN_FORMS.has(form))) return "plain";
  return "telling";
}

/** Hebrew as `words_of` in the database; Latin letters without English endings; other words as they are. */
function formsOf(word: string): string[] {
  if (HEBREW.test(word)) return hebrewForms(word);
  return /^[a-z]+$/.test(word) ? [withoutEnding(word)] : [word];
}

/** The word without its ending, also without one and two of the letters that are written together with a word. */
function hebrewForms(word: string): string[] {
  const base = word.replace(/[ךםןףץ]/g, (letter) => FINAL_LETTERS[letter] ?? letter);
  const shorter = [
    /^(?:[והבלמשכ]...|ה..$)/.test(base) ? [base.slice(1)] : [],
    /^[והבלמשכ]{2}.../.test(base) ? [base.slice(2)] : [],
  ].flat();
  return [base, ...shorter].map((form) => form.replace(/^(.{3,}?)(?:יות|יימ|ימ|ות|תי|נו|ה|ת|י)$/, "$1"));
}

/** An English word without the endings of its grammar: sitting, sits and sit are one word. */
function withoutEnding(word: string): string {
  if (word.length <= 3) return word;
  let stem = word;
  if (stem.endsWith("ies")) stem = `${stem.slice(0, -3)}y`;
  else if (stem.endsWith("sses")) stem = stem.slice(0, -2);
  else if (/[^su]s$/.test(stem)) stem = stem.slice(0, -1);
  const verb = stem.endsWith("ing") ? stem.slice(0, -3) : stem.endsWith("ed") ? stem.slice(0, -2) : null;
  if (verb !== null && verb.length >= 3 && /[aeiouy]/.test(verb)) stem = verb.replace(/([bdgklmnprt])\1$/, "$1");
  if (stem.length > 5 && stem.endsWith("ly")) stem = stem.slice(0, -2);
  return stem.length > 2 ? stem.replace(/e$/, "").replace(/y$/, "i") : stem;
}
