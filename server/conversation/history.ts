import type { CountTokens } from "@/server/context/tokens";
import type { Message } from "./events";

/** The most messages that the model gets. */
export const HISTORY_LIMIT = 20;
/** By how many messages the window moves at once. */
const STEP = 10;
/** The most tokens that the messages of the window take together. */
export const HISTORY_BUDGET_TOKENS = 24_000;

/**
 * The part of a conversation that the model gets: all of it up to the limit, then a window that moves in steps. A
 * window that moved with every message would begin with another message each time and make the model's prompt cache
 * useless. Beyond the budget the oldest messages of the window are left out. A refused reply is left out with the
 * message that it answers, because their presence would make the model refuse every later message.
 *
 * @param recent the last messages, oldest first, at most `HISTORY_LIMIT`
 * @param total the number of messages, including those before `recent`
 */
export function historyWindow(recent: Message[], total: number, countTokens: CountTokens): Message[] {
  const dropped = Math.max(0, Math.ceil((total - HISTORY_LIMIT) / STEP) * STEP);
  const window = withinBudget(
    withoutRefused(recent.slice(Math.max(0, dropped - (total - recent.length)))),
    countTokens,
  );
  // The API requires the first message to be the person's.
  const firstOfPerson = window.findIndex(({ role }) => role === "user");
  return firstOfPerson === -1 ? [] : window.slice(firstOfPerson);
}

/** How many of a conversation's first messages the window leaves out. */
export function leftBefore(window: readonly Message[], recent: readonly Message[], total: number): number {
  const [first] = window;
  if (first === undefined) return total;
  return total - recent.length + recent.findIndex(({ id }) => id === first.id);
}

/** The messages without refused replies and the messages that those answer. */
export function withoutRefused(messages: Message[]): Message[] {
  const refused = messages.filter(({ status }) => status === "refused");
  const left = new Set(refused.flatMap(({ id, replyTo }) => [id, replyTo]));
  return messages.filter(({ id }) => !left.has(id));
}

/** The latest messages that fit into the budget together. */
function withinBudget(messages: Message[], countTokens: CountTokens): Message[] {
  // A token has at least one byte, so most conversations need no counting.
  const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  if (bytes <= HISTORY_BUDGET_TOKENS) return messages;
  let tokens = 0;
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    tokens += countTokens(messages[at]?.content ?? "");
    if (tokens > HISTORY_BUDGET_TOKENS) return messages.slice(at + 1);
  }
  return messages;
}
