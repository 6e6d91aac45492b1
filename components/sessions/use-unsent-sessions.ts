import { useCallback, useMemo, useSyncExternalStore } from "react";
import { newSession } from "@/components/conversation/state/new-conversations";
import { onChangeElsewhere } from "@/components/conversation/state/on-change-elsewhere";
import { usePageState } from "@/components/conversation/state/page-state";
import { calmTitle } from "@/server/safety/calm-title";
import type { Session } from "@/server/sessions/router";

/** The conversations that the server does not have yet, although something was said in them. */
export function useUnsentSessions(): Session[] {
  const { newConversations, outbox, turns } = usePageState();
  const subscribe = useCallback(
    (changed: () => void) => {
      // A message is put into the outbox just before its turn begins.
      const undo = [newConversations.subscribe(changed), turns.subscribe(changed), onChangeElsewhere(changed)];
      return () => {
        for (const stop of undo) stop();
      };
    },
    [newConversations, turns],
  );
  // Joined to a text, because a new array would count as a change at every read.
  const read = () =>
    newConversations
      .ids()
      .filter((id) => outbox.read(id).length > 0)
      .join(" ");
  const ids = useSyncExternalStore(subscribe, read, () => "");

  return useMemo(() => {
    const unsent = ids.split(" ").flatMap((id) => {
      if (id === "") return [];
      const begun = newConversations.read(id);
      const [first] = outbox.read(id);
      return begun && first ? { ...newSession(id, begun), title: calmTitle(first.content) } : [];
    });
    return unsent.sort((one, other) => other.createdAt.localeCompare(one.createdAt));
  }, [ids, newConversations, outbox]);
}
