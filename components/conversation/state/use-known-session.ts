import { codeOf } from "@/components/trpc/errors";
import { trpc } from "@/components/trpc/trpc";
import { useHydrated } from "@/components/ui/hydration";
import type { Session } from "@/server/sessions/router";

/**
 * The session of a page: `missing` when it is certain that there is none, null while that is not known. Before
 * hydration nothing is known, because the browser's first render must equal the server's HTML.
 */
export function useKnownSession(sessionId: string): Session | "missing" | null {
  const session = trpc.sessions.get.useQuery({ sessionId });
  if (!useHydrated()) return null;
  if (session.data) return session.data;
  return session.isError && codeOf(session.error) === "NOT_FOUND" ? "missing" : null;
}
