import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { NewConversation } from "./new-conversations";
import { parseNewConversation } from "./new-conversations";
import { onChangeElsewhere } from "./on-change-elsewhere";
import { usePageState } from "./page-state";

/** A conversation that the server does not have; null for any other one. */
export function useNewConversation(sessionId: string): NewConversation | null {
  const { newConversations } = usePageState();
  const subscribe = useCallback(
    (changed: () => void) => {
      const undo = [newConversations.subscribe(changed), onChangeElsewhere(changed)];
      return () => {
        for (const stop of undo) stop();
      };
    },
    [newConversations],
  );
  const text = useSyncExternalStore(
    subscribe,
    () => newConversations.readText(sessionId),
    () => null,
  );
  return useMemo(() => parseNewConversation(text), [text]);
}
