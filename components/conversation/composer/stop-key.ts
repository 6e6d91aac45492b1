import { useEffect, useRef } from "react";
import { isComposing } from "@/components/ui/keys";

/** What uses Escape itself. The field of the composer does not. */
const OWN_ESCAPE = "input, select, textarea:not([data-stops]), [role=menu], [role=dialog]";

/** Stops the reply with Escape, wherever the focus is; null while there is none. */
export function useStopKey(stop: (() => void) | null): void {
  const latest = useRef(stop);
  useEffect(() => {
    latest.current = stop;
  });
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (
        event.key !== "Escape" ||
        event.defaultPrevented ||
        isComposing({ nativeEvent: event }) ||
        latest.current === null
      )
        return;
      if (event.target instanceof HTMLElement && event.target.closest(OWN_ESCAPE) !== null) return;
      event.preventDefault();
      latest.current();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
