import type { KeyboardEvent } from "react";

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
