import { namedDays } from "./named-days";
import type { Receipt, ReceiptKind } from "./receipt";
import { distinctReceipts } from "./receipt";
import type { TextWord, WordIndex } from "./text-words";
import { hasKnownWords, holdsWord, indexWords, isSameRun, isSameWord, placeOfRun, textWords } from "./text-words";

/** An item that was in the prompt of a reply. */
export interface ReadItem extends Receipt {
  /** What it is called: of a pattern, its words; null for what has no name. */
  title: string | null;
  /** What the model read of it. */
  text: string;
  /** The day of which it is, as in `2026-11-21`; null if the model was not told. */
  day: string | null;
}

/**
 * The items on which a reply drew, in the order in which it comes to them, as far as its words show. An item counts if
 * the reply
 *
 * 1. says its title, or quotes it: its whole title, or in quotation marks at least three of its words in a row, or at
 *    least five without;
 * 2. has most words of its title in one sentence, in any of their forms;
 * 3. shares at least three telling words with it in two neighbouring sentences (four with a long text);
 * 4. names its day, and shares a telling word with it.
 *
 * What the person said in the conversation themself is no sign of any of it. Neither is what another item shares as
 * well, or more of. Stop words and words of everyday life tell nothing; where it is not known which words those are,
 * in languages other than English and Hebrew, only whole titles and quotations count.
 *
 * @param read.items what was in the prompt
 * @param read.said what the person said in this conversation, as far as the model read it
 */
export function receiptsOf(reply: string, read: { items: readonly ReadItem[]; said: readonly string[] }): Receipt[] {
  const words = textWords(reply);
  if (words.length === 0 || read.items.length === 0) return [];
  const said = read.said.map((text) => indexWords(textWords(text)));
  const items = read.items.map(toWordsOfItem);
  const known = hasKnownWords(words);
  const named = namedItems(reply, words, { items, said, known });
  const covered = new Set(named.flatMap(({ from, to }) => range(from, to)));
  const rest = items.filter(({ item }) => !named.some((found) => found.item === item));
  const shared = known ? sharingItems(words, { items: rest, said, covered, days: dayNamed(words, items, said) }) : [];
  const found = [...named, ...shared].sort((one, other) => one.from - other.from);
  return distinctReceipts(found.map(({ item }) => item));
}

interface WordsOfItem {
  item: ReadItem;
  title: WordIndex;
  /** How many of the words of its title are no stop words. */
  titleContent: number;
  /** The text with its title. */
  text: WordIndex;
  /** Whether it has so many telling words that it shares some with everything. */
  isLong: boolean;
}

const LONG_TEXT = 60;

function toWordsOfItem(item: ReadItem): WordsOfItem {
  const title = textWords(item.title ?? "");
  const text = textWords(`${item.title ?? ""}\n${item.text}`);
  return {
    item,
    title: indexWords(title),
    titleContent: countDistinct(title.filter(isContent)),
    text: indexWords(text),
    isLong: countDistinct(text.filter(({ weight }) => weight === "telling")) > LONG_TEXT,
  };
}

/** An item of which a reply speaks, and the words by which it shows: from the first, up to and without the last. */
interface Found {
  item: ReadItem;
  from: number;
  to: number;
}

interface Compared {
  items: readonly WordsOfItem[];
  /** Each text of the person. */
  said: readonly WordIndex[];
}

/** The fewest words of a title, and of a quotation, that are no accident. */
const TITLE_WORDS = 4;
const QUOTED_WORDS = 3;
const UNQUOTED_WORDS = 5;

/** Items whose title or words the reply repeats. Where two items hold the same words, it cannot be told which. */
function namedItems(reply: string, words: readonly TextWord[], compared: Compared & { known: boolean }): Found[] {
  const { items, said, known } = compared;
  const isSaid = (run: readonly TextWord[]) => said.some((text) => placeOfRun(text, run) !== -1);
  const found: Found[] = [];
  function add(run: readonly TextWord[], from: number, holders: readonly WordsOfItem[]): void {
    const [holder, ...others] = holders;
    if (holder === undefined || others.length > 0 || isSaid(run)) return;
    found.push({ item: holder.item, from, to: from + run.length });
  }

  const replyWords = indexWords(words);
  const quotations = quotedRuns(reply, words);
  for (const { title: index, item } of items) {
    const title = index.words;
    const at = placeOfRun(replyWords, title);
    if (at === -1) continue;
    const quoted = quotations.some(({ from, to }) => from === at && to === at + title.length);
    if (!isEnoughOfTitle(title, { quoted, known, kindSaid: saysKind(words, at, item.kind) })) continue;
    add(
      title,
      at,
      items.filter((other) => isSameRun(other.title.words, title)),
    );
  }
  const isNamed = (from: number, to: number) => found.some((other) => from < other.to && other.from < to);
  for (const { from, to } of quotations) {
    const run = words.slice(from, to);
    if (run.length < QUOTED_WORDS || !run.some(isContent) || isNamed(from, to)) continue;
    add(
      run,
      from,
      items.filter(({ text }) => placeOfRun(text, run) !== -1),
    );
  }
  if (!known) return found;
  for (let from = 0; from + UNQUOTED_WORDS <= words.length; from += 1) {
    const run = words.slice(from, from + UNQUOTED_WORDS);
    if (run.filter(isContent).length < 2 || isNamed(from, from + UNQUOTED_WORDS)) continue;
    add(
      run,
      from,
      items.filter(({ text }) => placeOfRun(text, run) !== -1),
    );
  }
  return found;
}

function isEnoughOfTitle(
  title: readonly TextWord[],
  { quoted, known, kindSaid }: { quoted: boolean; known: boolean; kindSaid: boolean },
): boolean {
  if (quoted) return title.length > 1 || kindSaid;
  if (!known) return title.length >= TITLE_WORDS;
  const telling = title.filter(({ weight }) => weight === "telling").length;
  return telling >= 2 || (title.length >= TITLE_WORDS && title.filter(isContent).length >= 2);
}

const KIND_WORDS: Record<ReceiptKind, readonly string[]> = {
  dream: ["dream", "חלום"],
  reflection: ["reflection", "הרהור"],
  pattern: ["pattern", "דפוס"],
  conversation: ["conversation", "שיחה"],
  message: ["conversation", "שיחה"],
};

/** Whether the sentence of a word names the kind of the item. */
function saysKind(words: readonly TextWord[], at: number, kind: ReceiptKind): boolean {
  const names = KIND_WORDS[kind].flatMap(textWords);
  return words.some((word) => word.sentence === words[at]?.sentence && names.some((name) => isSameWord(word, name)));
}

/** Items that share enough words with the reply, each with the words of the first place where that shows. */
function sharingItems(
  words: readonly TextWord[],
  { items, said, covered, days }: Compared & { covered: ReadonlySet<number>; days: ReadonlyMap<ReadItem, number> },
): Found[] {
  const isNew = (word: TextWord) => !said.some((text) => holdsWord(text, word));
  const found = new Map<ReadItem, Found>();
  const lastSentence = words.at(-1)?.sentence ?? 0;
  for (let sentence = 0; sentence <= lastSentence; sentence += 1) {
    const candidates = items.map((wordsOfItem) => {
      const shared = sharedWords(words, wordsOfItem, { sentence, covered, isNew, named: days.has(wordsOfItem.item) });
      return { item: wordsOfItem.item, ...shared };
    });
    for (const { item, at, enough } of candidates) {
      const [from] = at;
      if (!enough || from === undefined || found.has(item)) continue;
      const rivals = candidates.filter((other) => other.item !== item && at.every((place) => other.at.includes(place)));
      if (rivals.length === 0 || days.has(item)) found.set(item, { item, from, to: from + 1 });
    }
  }
  return [...found.values()];
}

/** The places in the reply of the words that an item shares with two of its sentences, and whether they are enough. */
function sharedWords(
  words: readonly TextWord[],
  { title, titleContent, text, isLong }: WordsOfItem,
  {
    sentence,
    covered,
    isNew,
    named,
  }: {
    sentence: number;
    covered: ReadonlySet<number>;
    isNew: (word: TextWord) => boolean;
    named: boolean;
  },
): { at: number[]; enough: boolean } {
  const at = (pool: WordIndex, sentences: number, weights: readonly TextWord["weight"][]) =>
    distinctPlaces(words, (word, place) => {
      const near = word.sentence >= sentence && word.sentence < sentence + sentences && !covered.has(place);
      return near && weights.includes(word.weight) && holdsWord(pool, word);
    });
  const isNewAt = (place: number) => words.slice(place, place + 1).some(isNew);

  const ofTitle = at(title, 1, ["plain", "telling"]);
  const tellingOfTitle = at(title, 1, ["telling"]).filter(isNewAt);
  const isTitle =
    (ofTitle.length >= 3 && ofTitle.length * 4 >= titleContent * 3 && ofTitle.filter(isNewAt).length >= 2) ||
    (tellingOfTitle.length >= 2 && ofTitle.length * 2 >= titleContent);
  if (isTitle) return { at: ofTitle, enough: true };

  const telling = at(text, 2, ["telling"]).filter(isNewAt);
  return { at: telling, enough: telling.length >= (named ? 1 : isLong ? 4 : 3) };
}

/** The items whose day the reply names, if the person did not, and where. */
function dayNamed(words: readonly TextWord[], items: readonly WordsOfItem[], said: readonly WordIndex[]) {
  const named = namedDays(words);
  const saidDays = said.flatMap((text) => namedDays(text.words));
  const isNamed = (day: string, { monthAndDay, year }: { monthAndDay: string; year: string | null }) =>
    day.slice(5) === monthAndDay && (year === null || year === day.slice(0, 4));
  return new Map(
    items.flatMap(({ item }) => {
      const { day } = item;
      if (day === null || saidDays.some((other) => isNamed(day, other))) return [];
      const found = named.find((other) => isNamed(day, other));
      return found ? [[item, found.at] as const] : [];
    }),
  );
}

function isContent({ weight }: TextWord): boolean {
  return weight !== "stop";
}

function countDistinct(words: readonly TextWord[]): number {
  return new Set(words.map(({ forms: [form] }) => form)).size;
}

/** The places of the words that are meant, each word once, in any of its forms. */
function distinctPlaces(words: readonly TextWord[], isMeant: (word: TextWord, place: number) => boolean): number[] {
  const seen = new Set<string>();
  return words.flatMap((word, place) => {
    if (!isMeant(word, place) || word.forms.some((form) => seen.has(form))) return [];
    for (const form of word.forms) seen.add(form);
    return [place];
  });
}

const QUOTATION =
  /[“„«「]([^“”„«»「」]{1,400})[”“»」]|"([^"\n]{1,400})"|[״”]([^״”]{1,400})[״”]|\*{1,2}([^*\n]{1,400})\*{1,2}/gu;

/** The words of the reply that stand in quotation marks, or are emphasised as titles are. */
function quotedRuns(reply: string, words: readonly TextWord[]): { from: number; to: number }[] {
  return [...reply.matchAll(QUOTATION)].flatMap((quotation) => {
    const quoted = textWords(quotation.slice(1).find((group) => group !== undefined) ?? "");
    const from = textWords(reply.slice(0, quotation.index)).length;
    const isEmphasis = quotation[4] !== undefined;
    const isThere = isSameRun(words.slice(from, from + quoted.length), quoted);
    return quoted.length === 0 || (isEmphasis && quoted.length === 1) || !isThere
      ? []
      : [{ from, to: from + quoted.length }];
  });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
