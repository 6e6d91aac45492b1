import { FIELD_LIMITS } from "@/server/field-limits";
import { ENTER_SENDS_KEY } from "./enter-key";

/**
 * A script for the HTML of a conversation: what the person sends before the composer is hydrated remains in its field,
 * marked, and is sent by the hydrated composer. Changing it takes the mark away.
 */
export function sendEarlyScript(): string {
  const options: SendEarlyOptions = { enterSends: ENTER_SENDS_KEY, limit: FIELD_LIMITS.message };
  return `(${sendEarly})(${JSON.stringify(options)})`;
}

/** Whether the person has sent what is in the field, and has not changed it since. */
export function isSentEarly(field: HTMLTextAreaElement | null): boolean {
  return field?.dataset.sentEarly !== undefined;
}

export function forgetSentEarly(field: HTMLTextAreaElement | null): void {
  delete field?.dataset.sentEarly;
}

interface SendEarlyOptions {
  /** The key of the person's choice of what Enter does. */
  enterSends: string;
  /** The most characters of a message. */
  limit: number;
}

/**
 * Runs in the page by its source, so it must not refer to anything of this module. It sends with the keys of
 * `sendsMessage`, and what `isSendable` accepts.
 */
function sendEarly({ enterSends, limit }: SendEarlyOptions): void {
  document.addEventListener("input", ({ target }) => {
    const composer = composerOf(target);
    if (composer === null) return;
    delete composer.field.dataset.sentEarly;
    composer.button.disabled = !isSendable(composer.field);
  });
  // Before React, which would otherwise see the same event in the moment in which it hydrates the composer.
  document.addEventListener("submit", send, { capture: true });
  document.addEventListener("keydown", (event) => isSendKey(event) && send(event), { capture: true });

  /** The composer that an event is about; null if it is hydrated, or the event is about something else. */
  function composerOf(target: EventTarget | null) {
    const form = target instanceof Element ? target.closest("form[data-ready=false]") : null;
    const field = form?.querySelector("textarea");
    const button = form?.querySelector<HTMLButtonElement>("[type=submit]");
    return field && button ? { field, button } : null;
  }

  function isSendable({ value }: HTMLTextAreaElement): boolean {
    return value.trim() !== "" && [...value.trim()].length <= limit;
  }

  function isSendKey(event: KeyboardEvent): boolean {
    // Safari ends a composition before it reports the Enter that ended it.
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return false;
    if (!(event.target instanceof HTMLTextAreaElement)) return false;
    if (event.ctrlKey || event.metaKey) return true;
    return !event.shiftKey && !event.altKey && enterSendsHere();
  }

  function enterSendsHere(): boolean {
    const touch = matchMedia("(pointer: coarse)").matches;
    try {
      const chosen = localStorage.getItem(enterSends);
      return chosen === null ? !touch : chosen === "true";
    } catch {
      // In a browser without storage nobody has chosen.
      return !touch;
    }
  }

  function send(event: Event): void {
    const composer = composerOf(event.target);
    if (composer === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isSendable(composer.field)) composer.field.dataset.sentEarly = "";
  }
}
