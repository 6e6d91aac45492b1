import type { QueryClient } from "@tanstack/react-query";
import type { TrpcClient } from "@/components/trpc/trpc";

/** The model's provider keeps a prompt for five minutes. */
const KEPT_FOR_MS = 4.5 * 60_000;

function promptKey(sessionId: string) {
  return ["prompt-warmth", sessionId] as const;
}

/** Has the model's provider keep the next message's prompt, unless it does so already. Failing costs nothing but time. */
export function warmPrompt(queryClient: QueryClient, client: TrpcClient, sessionId: string): void {
  void queryClient.prefetchQuery({
    queryKey: promptKey(sessionId),
    queryFn: () => client.messages.prewarm.mutate({ sessionId }),
    staleTime: KEPT_FOR_MS,
    retry: false,
  });
}

/** A reply was just written, from the very prompt that the next one begins with. */
export function markPromptWarm(queryClient: QueryClient, sessionId: string): void {
  queryClient.setQueryData(promptKey(sessionId), { warm: true });
}
