import { describe, expect, it } from "vitest";
import { sendsMessage } from "@/components/conversation/composer/enter-key";
import type { KeyPress } from "@/components/ui/keys";

const NO_MODIFIER = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

function press(
  change: Partial<Record<"shiftKey" | "ctrlKey" | "metaKey" | "altKey" | "isComposing", boolean>> = {},
): KeyPress {
  const { isComposing = false, ...modifiers } = change;
  const nativeEvent = { isComposing, keyCode: 13 };
  return { key: "Enter", ...NO_MODIFIER, ...modifiers, nativeEvent };
}

describe("a key in the composer", () => {
  it.each([
    ["Enter", press(), true, false],
    ["Shift and Enter", press({ shiftKey: true }), false, false],
    ["Alt and Enter", press({ altKey: true }), false, false],
    ["Ctrl and Enter", press({ ctrlKey: true }), true, true],
    ["Command and Enter", press({ metaKey: true }), true, true],
    ["Enter that ends a word", press({ isComposing: true }), false, false],
    ["Ctrl and Enter that end a word", press({ isComposing: true, ctrlKey: true }), false, false],
    ["a letter", { ...press(), key: "a" }, false, false],
  ])("%s sends with a keyboard and on a touch screen: %#", (_name, event, withKeyboard, onTouch) => {
    expect(sendsMessage(event, true)).toBe(withKeyboard);
    expect(sendsMessage(event, false)).toBe(onTouch);
  });

  it("sends nothing with the Enter that Safari reports after the composition has ended", () => {
    const event = press();
    expect(sendsMessage({ ...event, nativeEvent: { ...event.nativeEvent, keyCode: 229 } }, true)).toBe(false);
  });
});
