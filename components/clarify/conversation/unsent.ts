import type { UnsentMessage } from "./outbox";
import type { Turn } from "./turn";

/**
 * What is to be sent by itself, in the order of its writing: turns that failed for want of a connection, and kept messages
 * that no turn of this visit is about. What the server refused waits for the person.
 */
export function unsentMessages(turns: readonly Turn[], kept: readonly UnsentMessage[]): UnsentMessage[] {
  const known = new Set(turns.map(({ id }) => id));
  const waiting = turns.filter(({ failure, resumes }) => failure?.offline === true && resumes === null);
  const left = kept.filter(({ id }) => !known.has(id));
  return [...waiting, ...left]
    .map(({ id, content, createdAt }) => ({ id, content, createdAt }))
    .sort((one, other) => one.createdAt.localeCompare(other.createdAt));
}
