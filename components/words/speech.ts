import type { en } from "./en";
import type { Language } from "./language";
import { LANGUAGE_FACTS } from "./language";

/** A sentence for each plural form of a language; `{count}` stands for the number. */
export type Plural = { readonly other: string } & { readonly [Rule in Intl.LDMLPluralRule]?: string };

type Widened<Entry> = Entry extends string
  ? string
  : Entry extends readonly string[]
    ? readonly string[]
    : Entry extends { readonly other: string }
      ? Plural
      : { readonly [Key in keyof Entry]: Widened<Entry[Key]> };

/** Every text of the interface. Each language has all the texts of English. */
export type Words = Widened<typeof en>;

/** The values of a sentence's gaps, by name. */
type Values = Readonly<Record<string, string | number>>;

export interface Speech {
  language: Language;
  /** The language's tag for `Intl`. */
  locale: string;
  words: Words;
  /** A sentence with its `{gaps}` filled. */
  fill(sentence: string, values: Values): string;
  /** The sentence for a number, with the number in the language's format. */
  plural(forms: Plural, count: number): string;
  number(value: number): string;
}

/** The formatting functions of a language. */
export function createSpeech(language: Language, words: Words): Speech {
  const { locale } = LANGUAGE_FACTS[language];
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const fill = (sentence: string, values: Values) =>
    sentence.replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
  return {
    language,
    locale,
    words,
    fill,
    plural: (forms, count) => fill(forms[rules.select(count)] ?? forms.other, { count: numbers.format(count) }),
    number: (value) => numbers.format(value),
  };
}
