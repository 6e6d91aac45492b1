import { useEffect } from "react";
import { codeOf } from "@/components/trpc/errors";
import { trpc } from "@/components/trpc/trpc";
import { useHydrated } from "@/components/ui/hydration";
import type { Session } from "@/server/sessions/router";
import { newSession } from "./new-conversations";
import { usePageState } from "./page-state";
import { useNewConversation } from "./use-new-conversation";

/**
 * The session of a page: `missing` when it is certain that there is none, null while that is not known. Before
 * hydration nothing is known, because the browser's first render must equal the server's HTML.
 */
export function useKnownSession(sessionId: string): Session | "missing" | null {
  const { newConversations } = usePageState();
  const begun = useNewConversation(sessionId);
  const hydrated = useHydrated();
  const enabled = hydrated && (begun === null || begun.sent);
  const session = trpc.sessions.get.useQuery({ sessionId }, { enabled });
  const isStored = begun !== null && session.data !== undefined;

  useEffect(() => {
    if (isStored) newConversations.remove(sessionId);
  }, [isStored, newConversations, sessionId]);

  if (!hydrated) return null;
  if (session.data) return session.data;
  if (begun !== null) return newSession(sessionId, begun);
  return session.isError && codeOf(session.error) === "NOT_FOUND" ? "missing" : null;
}
