import type { InfiniteData } from "@tanstack/react-query";
import type { Session } from "@/server/sessions/router";

export interface SessionPage {
  items: Session[];
  nextCursor: string | null;
}

export type SessionPages = InfiniteData<SessionPage>;

export const UNTITLED = "New conversation";

/** All loaded sessions, in their order. */
export function flattenSessions({ pages }: SessionPages): Session[] {
  return pages.flatMap(({ items }) => items);
}

/** Changes one session where it stands. */
export function patchSession(data: SessionPages, id: string, change: Partial<Session>): SessionPages {
  return mapItems(data, (items) => items.map((session) => (session.id === id ? { ...session, ...change } : session)));
}

export function withoutSession(data: SessionPages, id: string): SessionPages {
  return mapItems(data, (items) => items.filter((session) => session.id !== id));
}

/** Puts a session where its last activity belongs: newest first. */
export function withSession(data: SessionPages, session: Session): SessionPages {
  const cleared = withoutSession(data, session.id);
  const page = cleared.pages.findIndex(({ items }) => items.some((other) => isNewer(session, other)));
  const target = page === -1 ? cleared.pages.length - 1 : page;
  return {
    ...cleared,
    pages: cleared.pages.map((candidate, index) =>
      index === target ? { ...candidate, items: insert(candidate.items, session) } : candidate,
    ),
  };
}

/** The sessions whose title holds every word of the search. */
export function searchSessions(sessions: readonly Session[], search: string): Session[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return sessions.filter(({ title }) => {
    const name = (title ?? UNTITLED).toLocaleLowerCase();
    return words.every((word) => name.includes(word));
  });
}

function insert(items: readonly Session[], session: Session): Session[] {
  const index = items.findIndex((other) => isNewer(session, other));
  return index === -1 ? [...items, session] : items.toSpliced(index, 0, session);
}

function isNewer(session: Session, other: Session): boolean {
  return session.lastMessageAt >= other.lastMessageAt;
}

function mapItems(data: SessionPages, change: (items: Session[]) => Session[]): SessionPages {
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: change(page.items) })) };
}
