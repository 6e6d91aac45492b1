import type { DreamDraft } from "@/components/dreams/dream-draft";
import { EMPTY_DRAFT as NO_DREAM } from "@/components/dreams/dream-draft";
import type { ReflectionDraft } from "@/components/reflections/reflection-draft";
import { EMPTY_DRAFT as NO_REFLECTION } from "@/components/reflections/reflection-draft";
import { firstSentence } from "@/server/context/quote";
import { cutTo, FIELD_LIMITS } from "@/server/field-limits";

/** The longest title that is made of a sentence, in characters. */
const TITLE_LENGTH = 100;

/** A dream in a message's words: its first sentence as the title, and the whole if there is more. */
export function dreamInWords(words: string): DreamDraft {
  const title = firstSentence(words, TITLE_LENGTH);
  const isWhole = title === words.trim().replace(/\.$/, "");
  return { ...NO_DREAM, title, description: isWhole ? "" : cutTo(words.trim(), FIELD_LIMITS.dreamDescription) };
}

/** A reflection in a message's words. */
export function reflectionInWords(words: string): ReflectionDraft {
  return { ...NO_REFLECTION, content: cutTo(words.trim(), FIELD_LIMITS.reflection) };
}

/** A reply without the marks of its markdown, as it reads in a plain field. Code keeps its characters. */
export function plainWords(markdown: string): string {
  return markdown
    .split(/(```[\s\S]*?(?:```|$))/)
    .map((part) => (part.startsWith("```") ? part.replace(/^```.*\n?|\n?```$/g, "") : withoutMarks(part)))
    .join("")
    .trim();
}

function withoutMarks(text: string): string {
  return text
    .replace(/^ {0,3}(?:#{1,6} +|> ?)/gm, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, "$2")
    .replace(/(?<![\p{L}\p{N}*])\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?![\p{L}\p{N}*])/gu, "$1")
    .replace(/(?<![\p{L}\p{N}_])_(?=[^\s_])(.+?)(?<=[^\s_])_(?![\p{L}\p{N}_])/gu, "$1")
    .replace(/`([^`\n]+)`/g, "$1");
}
