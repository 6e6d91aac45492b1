import { fits } from "@/server/field-limits";

/**
 * What is wrong with a text that a person entered, in the server's own words; null when nothing is. Its length counts
 * characters as the server does, so that an emoji is one.
 */
export function textProblem(
  what: string,
  entered: string,
  { limit, required = false }: { limit: number; required?: boolean },
): string | null {
  const text = entered.trim();
  if (required && text === "") return `${what} needs at least one character.`;
  return !fits(text, limit) ? `${what} can have at most ${limit.toLocaleString("en")} characters.` : null;
}
