import type { QueryClient } from "@tanstack/react-query";
import { queryOptions } from "@tanstack/react-query";
import { writeCached } from "@/components/trpc/query-cache";
import type { TrpcClient } from "@/components/trpc/trpc";

/** The model's provider keeps a prompt for five minutes. */
const KEPT_FOR_MS = 4.5 * 60_000;

function promptQuery(client: TrpcClient, sessionId: string) {
  return queryOptions({
    queryKey: ["prompt-warmth", sessionId],
    queryFn: () => client.messages.prewarm.mutate({ sessionId }),
    staleTime: KEPT_FOR_MS,
    retry: false,
  });
}

/** Has the model's provider keep the next message's prompt, unless it does so already. Failing costs nothing but time. */
export function warmPrompt(queryClient: QueryClient, client: TrpcClient, sessionId: string): void {
  void queryClient.prefetchQuery(promptQuery(client, sessionId));
}

/** A reply was just written, from the very prompt that the next one begins with. */
export function markPromptWarm(queryClient: QueryClient, client: TrpcClient, sessionId: string): void {
  writeCached(queryClient, promptQuery(client, sessionId).queryKey, () => ({ warm: true }));
}
