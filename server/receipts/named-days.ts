import type { TextWord } from "./text-words";

/** A day that a text names, without its year if the text does not say it. */
export interface NamedDay {
  /** As in `11-21`. */
  monthAndDay: string;
  year: string | null;
  /** The place of its first word. */
  at: number;
}

const ENGLISH_MONTHS = "january february march april may june july august september october november december".split(
  " ",
);
const HEBREW_MONTHS = "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר".split(" ");

/** The days that a text names: `21 November`, `November 21st, 2026`, `21 בנובמבר`, `2026-11-21`. */
export function namedDays(words: readonly TextWord[]): NamedDay[] {
  return words.flatMap(({ word }, at): NamedDay[] => {
    const next = (offset: number) => words[at + offset]?.word ?? "";
    const year = (offset: number) => (/^\d{4}$/.test(next(offset)) ? next(offset) : null);
    if (year(0) !== null && /^\d{2}$/.test(next(1)) && /^\d{2}$/.test(next(2))) {
      return [{ monthAndDay: `${next(1)}-${next(2)}`, year: word, at }];
    }
    const day = dayOf(word);
    if (day !== null) {
      const gap = next(1) === "of" ? 2 : 1;
      const month = monthOf(next(gap));
      return month === null ? [] : [{ monthAndDay: `${month}-${day}`, year: year(gap + 1), at }];
    }
    const month = monthOf(word);
    const dayAfter = dayOf(next(1) === "the" ? next(2) : next(1));
    return month === null || dayAfter === null ? [] : [{ monthAndDay: `${month}-${dayAfter}`, year: year(2), at }];
  });
}

function dayOf(word: string): string | null {
  const [, digits] = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(word) ?? [];
  return digits === undefined ? null : digits.padStart(2, "0");
}

function monthOf(word: string): string | null {
  const english = ENGLISH_MONTHS.findIndex((month) => month === word || month.slice(0, 3) === word);
  const hebrew = HEBREW_MONTHS.indexOf(word.replace(/^ב/, ""));
  const month = Math.max(english, hebrew);
  return month === -1 ? null : String(month + 1).padStart(2, "0");
}
