import type { KeyboardEvent as ReactKeyboardEvent } from "react";
import { useEffect, useRef } from "react";

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

type Shortcut = "search" | "create";

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The shortcut of a key that was pressed outside text fields. */
export function shortcutFor({ key, ctrlKey, metaKey, altKey }: KeyPress): Shortcut | null {
  if (ctrlKey || metaKey || altKey) return null;
  if (key === "/") return "search";
  return key === "n" ? "create" : null;
}

/** Runs an action when its key is pressed anywhere except in a field, a menu or a sheet. */
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

const LINK = "[data-session-link]";

/** Arrow keys, Home and End move the focus between the session links of the list that the event comes from. */
export function moveThroughLinks(event: ReactKeyboardEvent<HTMLElement>): void {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement) || !activeElement.matches(LINK)) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>(LINK)];
  const target = links[nextIndex(event.key, links.indexOf(activeElement), links.length)];
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
}

/** Moves the focus to the first session link inside an element. */
export function focusFirstLink(within: HTMLElement): void {
  within.querySelector<HTMLElement>(LINK)?.focus();
}

function nextIndex(key: string, index: number, count: number): number {
  switch (key) {
    case "ArrowDown":
      return Math.min(index + 1, count - 1);
    case "ArrowUp":
      return Math.max(index - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return -1;
  }
}
