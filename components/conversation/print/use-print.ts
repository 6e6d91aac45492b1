import { InfiniteQueryObserver, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { messagesQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { latinKey } from "@/components/ui/keys";
import { useToast } from "@/components/ui/toasts";
import { useWords } from "@/components/words/words";

/** Prints the page of a conversation when all of its messages are on it. Those that are missing are loaded first. */
export function usePrint(sessionId: string): () => Promise<void> {
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const showError = useErrorToast();
  const toast = useToast();
  const { conversation } = useWords();

  return useCallback(async () => {
    const messages = new InfiniteQueryObserver(queryClient, messagesQuery(client, sessionId));
    let { data, hasNextPage } = messages.getCurrentResult();
    if (data !== undefined && hasNextPage) toast({ text: conversation.preparingPrint });
    while (data !== undefined && hasNextPage) {
      const fetched = await messages.fetchNextPage({ cancelRefetch: false });
      if (fetched.error !== null) return showError(fetched.error);
      ({ data, hasNextPage } = fetched);
    }
    await rendered();
    window.print();
  }, [client, queryClient, showError, toast, conversation, sessionId]);
}

/** Ctrl or ⌘ with P prints as `print` does; null where the browser itself prints everything. */
export function usePrintKey(print: (() => Promise<void>) | null): void {
  useEffect(() => {
    if (print === null) return;
    function onKeyDown(event: KeyboardEvent) {
      if (latinKey(event).toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      void print?.();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [print]);
}

/** Resolves when what was loaded is drawn. */
function rendered(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}
