/** The part of a keyboard event that identifies the key. */
export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  nativeEvent: { isComposing: boolean; keyCode: number };
}

/** The key code that browsers use for a key that an input method has taken. */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * Whether a key belongs to an input method that is composing a word. Safari ends the composition before it reports the
 * Enter that ended it, so only the key code shows it.
 */
export function isComposing({ nativeEvent }: Pick<KeyPress, "nativeEvent">): boolean {
  return nativeEvent.isComposing || nativeEvent.keyCode === TAKEN_BY_INPUT_METHOD;
}

/**
 * What a key types in Latin letters, also where the keyboard is set to another alphabet: "p" for פ. What the person types
 * in Latin letters or signs counts as typed, wherever it is on their keyboard.
 */
export function latinKey({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  const isForeign = key.length === 1 && key > "~";
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return isForeign && letter !== undefined ? letter.toLowerCase() : key;
}

/** Where an arrow key, Home or End leads from this index in a list; -1 for other keys. */
export function nextIndex(key: string, index: number, count: number): number {
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
