import "server-only";
import { setTimeout as delay } from "node:timers/promises";
import { ownHydration } from "../../../trpc";
import { isFirstLoad } from "../../first-load";

/** How long a page waits for its messages, in milliseconds. */
const WAIT_MS = 500;

/**
 * Reads the newest messages of a conversation for the HTML of a first load. If they are late the page goes on without them, and
 * the browser gets the read that is under way.
 */
export async function messagesAhead(sessionId: string) {
  const { trpc, queryClient, HydrateClient } = ownHydration();
  if (await isFirstLoad()) await Promise.race([trpc.messages.list.prefetchInfinite({ sessionId }), delay(WAIT_MS)]);
  const areRead = queryClient
    .getQueryCache()
    .getAll()
    .some(({ state }) => state.status === "success");
  return { areRead, HydrateClient };
}
