import { useEffect, useRef } from "react";
import type { Shortcut } from "./shortcuts";
import { shortcutFor } from "./shortcuts";

/** Runs an action when its key is pressed anywhere but in a field, a menu or a sheet. */
export function useShortcuts(on: boolean, actions: Record<Shortcut, () => void>) {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });

  useEffect(() => {
    if (!on) return;
    function onKeyDown(event: KeyboardEvent) {
      const shortcut = shortcutFor(event);
      if (shortcut === null || event.defaultPrevented || isTyping(event.target)) return;
      event.preventDefault();
      latest.current[shortcut]();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [on]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [role=menu]") !== null;
}
