import type { Speech } from "@/components/words/speech";
import { fits } from "@/server/field-limits";

interface TextRules {
  limit: number;
  required?: boolean;
}

/**
 * The problem of a text that a person entered; null if there is none. Its length counts characters as the server does,
 * so that an emoji is one. `label` is that of its field.
 */
export function textProblem(
  label: string,
  entered: string,
  { limit, required = false }: TextRules,
  { words, fill, number }: Speech,
): string | null {
  const text = entered.trim();
  if (required && text === "") return fill(words.problems.empty, { label });
  return fits(text, limit) ? null : fill(words.problems.tooLong, { label, limit: number(limit) });
}
