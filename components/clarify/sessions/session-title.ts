import type { Session } from "@/server/sessions/router";

/** What a conversation is called before its first message names it. */
export const UNTITLED = "New conversation";

/** The sessions whose title holds every word of the search. */
export function searchSessions(sessions: readonly Session[], search: string): Session[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return sessions.filter(({ title }) => {
    const name = (title ?? UNTITLED).toLocaleLowerCase();
    return words.every((word) => name.includes(word));
  });
}
