const SETTING = "clarify:shortcuts";

type SettingStorage = Pick<Storage, "getItem" | "setItem">;

/** Whether single keys act as shortcuts. People who dictate, or whose hands slip, can turn them off. */
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
    // Without storage the choice lasts until the page is left.
  }
}

export type Shortcut = "search" | "create";

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** What a key asks for, pressed where nothing is being typed. */
export function shortcutFor({ key, ctrlKey, metaKey, altKey }: KeyPress): Shortcut | null {
  if (ctrlKey || metaKey || altKey) return null;
  if (key === "/") return "search";
  return key === "n" ? "create" : null;
}
