import type { KeyboardEvent } from "react";
import { nextIndex } from "@/components/ui/keys";

const MESSAGE = "[data-entry]";

/** Arrow keys, Home and End move the focus between the messages of a list; from the list itself, to the newest. */
export function moveThroughMessages(event: KeyboardEvent<HTMLElement>): void {
  const { target, currentTarget, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
  if (!(target instanceof HTMLElement) || target.closest("input, textarea, select") !== null) return;
  // React also reports the keys of a sheet that a message opened.
  if (!currentTarget.contains(target)) return;
  const messages = [...currentTarget.querySelectorAll<HTMLElement>(MESSAGE)];
  const current = target.closest<HTMLElement>(MESSAGE);
  const from = current === null ? messages.length : messages.indexOf(current);
  const next = messages[nextIndex(key, from, messages.length)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
