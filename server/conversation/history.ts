import type { Message } from "./events";

/** The most messages that the model gets to read. */
export const HISTORY_LIMIT = 20;
/** How many the window drops at once. */
const STEP = 10;

/**
 * The part of a conversation that the model reads: all of it up to the limit, then a window that moves in steps. One that
 * moved with every message would begin with another message each time, and the model's prompt cache would never help.
 *
 * @param recent the last messages, oldest first, at most `HISTORY_LIMIT`
 * @param total how many messages there are, those before `recent` included
 */
export function historyWindow(recent: Message[], total: number): Message[] {
  const dropped = Math.max(0, Math.ceil((total - HISTORY_LIMIT) / STEP) * STEP);
  const window = recent.slice(Math.max(0, dropped - (total - recent.length)));
  // The model's side has to speak second.
  const firstOfPerson = window.findIndex(({ role }) => role === "user");
  return firstOfPerson === -1 ? [] : window.slice(firstOfPerson);
}
