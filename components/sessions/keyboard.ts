import type { KeyboardEvent } from "react";
import { nextIndex } from "@/components/ui/keys";

const LINK = "[data-session-link]";

/** Arrow keys, Home and End move the focus between the session links of the list that the event comes from. */
export function moveThroughLinks(event: KeyboardEvent<HTMLElement>): void {
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
