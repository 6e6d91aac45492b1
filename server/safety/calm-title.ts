import { speaksOfCrisis } from "./crisis-words";

/**
 * The title of a conversation for lists; null, as if it had none, if it speaks of a crisis. A title is the beginning of the
 * first message, and a list should not repeat such words to their writer every day.
 */
export function calmTitle(title: string | null): string | null {
  return title !== null && speaksOfCrisis(title) ? null : title;
}
