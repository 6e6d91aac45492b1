import { useCallback, useSyncExternalStore } from "react";
import { useMediaQuery } from "@/components/ui/use-media-query";
import { ENTER_SENDS_KEY } from "./enter-key";

const CHANGED = "clarify:enter-sends-changed";

/**
 * Whether Enter sends, and a function that changes it. Until the person has chosen for this browser, it depends on the
 * device: with an on-screen keyboard, Enter begins a new line.
 */
export function useEnterSends(): [enterSends: boolean, change: (enterSends: boolean) => void] {
  const touch = useMediaQuery("(pointer: coarse)");
  const chosen = useSyncExternalStore(subscribe, readChoice, () => null);
  const change = useCallback((enterSends: boolean) => {
    try {
      window.localStorage.setItem(ENTER_SENDS_KEY, String(enterSends));
    } catch {
      // In a browser without storage the choice is lost.
    }
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [chosen === null ? !touch : chosen === "true", change];
}

function readChoice(): string | null {
  try {
    return window.localStorage.getItem(ENTER_SENDS_KEY);
  } catch {
    return null;
  }
}

/** `storage` events come from other tabs; our own event comes from this tab. */
function subscribe(changed: () => void): () => void {
  window.addEventListener("storage", changed);
  window.addEventListener(CHANGED, changed);
  return () => {
    window.removeEventListener("storage", changed);
    window.removeEventListener(CHANGED, changed);
  };
}
