import { useEffect, useRef } from "react";
import { latinKey } from "./keys";

const SETTING = "clarify:shortcuts";

type SettingStorage = Pick<Storage, "getItem" | "setItem">;

/** Whether single keys act as shortcuts. They can be turned off, for people who dictate or press keys by accident. */
export function readShortcutsOn(storage: SettingStorage): boolean {
  try {
    return storage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

export function writeShortcutsOn(storage: SettingStorage, on: boolean): void {
  try {
    storage.setItem(SETTING, on ? "on" : "off");
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

type Shortcut = "search" | "create" | "write";

type KeyPress = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey">;

const SHORTCUTS: Partial<Record<string, Shortcut>> = { "/": "search", n: "create", m: "write" };

/** The shortcut of a key that was pressed outside text fields. */
export function shortcutFor(press: KeyPress): Shortcut | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  return SHORTCUTS[latinKey(press)] ?? null;
}

/** Runs an action when its key is pressed anywhere except in a field or a menu. */
export function useShortcuts(on: boolean, actions: Partial<Record<Shortcut, () => void>>) {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });

  useEffect(() => {
    if (!on) return;
    function onKeyDown(event: KeyboardEvent) {
      const shortcut = shortcutFor(event);
      const action = shortcut === null ? undefined : latest.current[shortcut];
      if (action === undefined || event.defaultPrevented || isTyping(event.target)) return;
      event.preventDefault();
      action();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [on]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [role=menu]") !== null;
}
