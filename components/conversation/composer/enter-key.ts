import type { KeyPress } from "@/components/ui/keys";
import { isComposing } from "@/components/ui/keys";

/** The key of the person's choice for this browser, `true` or `false`. */
export const ENTER_SENDS_KEY = "clarify:enter-sends";

/** Whether a key sends the message. Ctrl or ⌘ with Enter always does, Shift with Enter never. */
export function sendsMessage(event: KeyPress, enterSends: boolean): boolean {
  if (event.key !== "Enter" || isComposing(event)) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return enterSends && !event.shiftKey && !event.altKey;
}
