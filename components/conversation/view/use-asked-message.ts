import { usePathname, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import type { Message } from "@/server/conversation/events";
import { entryKey } from "../entries/entries";

interface AskedMessage {
  /** The stored messages that are loaded. */
  messages: readonly Message[];
  /** Loads older ones; null while that is not possible. */
  loadOlder: (() => void) | null;
  jumpToEntry: (key: string) => void;
}

/**
 * Scrolls to the message in the page's address (`?message=`), however far back it is, and removes it from the address.
 */
export function useAskedMessage({ messages, loadOlder, jumpToEntry }: AskedMessage): void {
  const asked = useSearchParams().get("message");
  const pathname = usePathname();

  useEffect(() => {
    if (asked === null) return;
    const message = messages.find(({ id }) => id === asked);
    if (message === undefined) {
      loadOlder?.();
      return;
    }
    jumpToEntry(entryKey(message));
    window.history.replaceState(null, "", pathname);
  }, [asked, pathname, messages, loadOlder, jumpToEntry]);
}
