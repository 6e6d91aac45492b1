import { expect, it } from "vitest";
import { languageOfText } from "@/components/words/text-language";

it.each([
  ["Learn to sail", "en"],
  ["ללמוד להפליג", "he"],
  ["ללמוד sailing לפני הקיץ", "he"],
  ["Visit my aunt in חיפה", "en"],
  ["научиться ходить под парусом", undefined],
  ["научиться sail", undefined],
  ["42 🌊", undefined],
  ["", undefined],
] as const)("%j is spoken as %s", (text, language) => {
  expect(languageOfText(text)).toBe(language);
});
