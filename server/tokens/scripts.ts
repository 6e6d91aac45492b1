/** The scripts whose tokens models count differently. Every other one is `other`. */
export const SCRIPTS = [
  "ascii",
  "latin",
  "cyrillic",
  "greek",
  "hebrew",
  "arabic",
  "indic",
  "southeast",
  "han",
  "kana",
  "hangul",
  "other",
] as const;

export type Script = (typeof SCRIPTS)[number];

/** Where each range of code points begins. A range ends where the next one begins. */
const RANGES: readonly (readonly [from: number, script: Script])[] = [
  [0x0, "ascii"],
  [0x80, "other"],
  [0xc0, "latin"],
  [0x370, "greek"],
  [0x400, "cyrillic"],
  [0x530, "other"],
  [0x590, "hebrew"],
  [0x600, "arabic"],
  [0x780, "other"],
  [0x8a0, "arabic"],
  [0x900, "indic"],
  [0xe00, "southeast"],
  [0x10a0, "other"],
  [0x1100, "hangul"],
  [0x1200, "other"],
  [0x1780, "southeast"],
  [0x1800, "other"],
  [0x1e00, "latin"],
  [0x1f00, "greek"],
  [0x2000, "other"],
  [0x3000, "han"],
  [0x3040, "kana"],
  [0x3100, "han"],
  [0x3130, "hangul"],
  [0x3190, "han"],
  [0xa000, "other"],
  [0xac00, "hangul"],
  [0xd7b0, "other"],
  [0xf900, "han"],
  [0xfb00, "latin"],
  [0xfb1d, "hebrew"],
  [0xfb50, "arabic"],
  [0xfe00, "other"],
  [0xfe70, "arabic"],
  [0xff00, "han"],
  [0xfff0, "other"],
  [0x20000, "han"],
  [0x33480, "other"],
];

/** The script of a word, as an index of `SCRIPTS`: that of its first letter outside ASCII. 0 if all of it is ASCII. */
export function scriptOf(word: string): number {
  let script = 0;
  for (let at = 0; at < word.length; at += 1) {
    if (word.charCodeAt(at) < 0x80) continue;
    script = scriptOfCodePoint(word.codePointAt(at) ?? 0);
    if (script !== OTHER) return script;
  }
  return script;
}

function scriptOfCodePoint(codePoint: number): number {
  let low = 0;
  let high = BEGINNINGS.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((BEGINNINGS[middle] ?? 0) <= codePoint) low = middle;
    else high = middle - 1;
  }
  return INDEXES[low] ?? 0;
}

const OTHER = SCRIPTS.indexOf("other");
const BEGINNINGS = RANGES.map(([from]) => from);
const INDEXES = RANGES.map(([, script]) => SCRIPTS.indexOf(script));
