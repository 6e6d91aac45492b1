import type { Speech } from "@/components/words/speech";
import { fits } from "@/server/field-limits";

interface TextRules {
  limit: number;
  required?: boolean;
}

/**
 * What is wrong with a text that a person entered; null when nothing is. Its length counts characters as the server does, so
 * that an emoji is one. `what` begins the words: "A title".
 */
export function textProblem(
  what: string,
  entered: string,
  { limit, required = false }: TextRules,
  { words, fill, number }: Speech,
): string | null {
  const text = entered.trim();
  if (required && text === "") return fill(words.problems.empty, { what });
  return fits(text, limit) ? null : fill(words.problems.tooLong, { what, limit: number(limit) });
}
