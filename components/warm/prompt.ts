import type { QueryClient } from "@tanstack/react-query";
import { queryOptions } from "@tanstack/react-query";
import { writeCached } from "@/components/trpc/query-cache";
import type { TrpcClient } from "@/components/trpc/trpc";

/** A bit less than the five minutes for which the model's provider caches a prompt, in milliseconds. */
const KEPT_FOR_MS = 4.5 * 60_000;

function promptQuery(client: TrpcClient, sessionId: string, isNew = false) {
  return queryOptions({
    queryKey: ["prompt-warmth", sessionId],
    queryFn: () => client.messages.prewarm.mutate({ sessionId, isNew }),
    staleTime: KEPT_FOR_MS,
    retry: false,
  });
}

/**
 * Sends the next message's prompt to the provider's cache, unless it is there. A failure only costs time.
 * @param isNew whether the conversation will be stored with that message
 */
export function warmPrompt(queryClient: QueryClient, client: TrpcClient, sessionId: string, isNew: boolean): void {
  void queryClient.prefetchQuery(promptQuery(client, sessionId, isNew));
}

/** A reply was just written from the prompt that the next one begins with. */
export function markPromptWarm(queryClient: QueryClient, client: TrpcClient, sessionId: string): void {
  writeCached(queryClient, promptQuery(client, sessionId).queryKey, () => ({ warm: true }));
}
