import { FIELD_LIMITS } from "@/server/field-limits";
import { outboxPrefix } from "../state/outbox";
import { ENTER_SENDS_KEY } from "./enter-key";

/** A script for the HTML of a conversation: it sends what the person writes before the page's scripts have arrived. */
export function sendEarlyScript(userId: string, sessionId: string): string {
  const options: SendEarlyOptions = {
    outbox: outboxPrefix(userId, sessionId),
    enterSends: ENTER_SENDS_KEY,
    limit: FIELD_LIMITS.message,
  };
  // No text can end the script element.
  return `(${sendEarly})(${JSON.stringify(options).replaceAll("<", "\\u003c")})`;
}

interface SendEarlyOptions {
  /** What the keys of the conversation's unsent messages begin with. */
  outbox: string;
  /** The key of the person's choice of what Enter does. */
  enterSends: string;
  /** The most characters of a message. */
  limit: number;
}

/**
 * Until the composer is hydrated, puts its messages into the outbox, which the hydrated page sends from, and shows them
 * above it. So a message is not lost either if the page is left before. Runs in the page by its source, so it must not refer
 * to anything of this module. Its keys are those of `sendsMessage`.
 */
function sendEarly({ outbox, enterSends, limit }: SendEarlyOptions): void {
  // Browsers withhold it without HTTPS. What is typed remains in the field then.
  if (typeof crypto.randomUUID !== "function") return;

  document.addEventListener("input", ({ target }) => {
    const composer = composerOf(target);
    if (composer !== null) composer.button.disabled = composer.field.value.trim() === "";
  });
  // Before React, which would otherwise see the same event in the moment in which it hydrates the composer.
  document.addEventListener("submit", send, { capture: true });
  document.addEventListener("keydown", (event) => isSendKey(event) && send(event), { capture: true });

  /** The composer that an event is about; null if it is hydrated, or the event is about something else. */
  function composerOf(target: EventTarget | null) {
    const form = target instanceof Element ? target.closest("form[data-ready=false]") : null;
    const field = form?.querySelector("textarea");
    const button = form?.querySelector<HTMLButtonElement>("[type=submit]");
    const sent = form?.querySelector("[data-sent-early]");
    return field && button && sent ? { field, button, sent } : null;
  }

  function isSendKey(event: KeyboardEvent): boolean {
    // Safari ends a composition before it reports the Enter that ended it.
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return false;
    if (!(event.target instanceof HTMLTextAreaElement)) return false;
    if (event.ctrlKey || event.metaKey) return true;
    return !event.shiftKey && !event.altKey && enterSendsHere();
  }

  function enterSendsHere(): boolean {
    const chosen = attempt(() => localStorage.getItem(enterSends));
    return chosen ? chosen === "true" : !matchMedia("(pointer: coarse)").matches;
  }

  function send(event: Event): void {
    const composer = composerOf(event.target);
    if (composer === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { field, button, sent } = composer;
    const content = field.value.trim();
    if (content === "" || content.length > limit) return;
    const message = { id: crypto.randomUUID(), content, createdAt: new Date().toISOString() };
    const isKept = attempt(() => {
      localStorage.setItem(outbox + message.id, JSON.stringify([message]));
      return true;
    });
    if (!isKept) return;
    const shown = document.createElement("p");
    shown.dir = "auto";
    shown.textContent = content;
    sent.append(shown);
    field.value = "";
    field.focus();
    button.disabled = true;
  }

  /** What the action returns; undefined if the storage is full or forbidden. */
  function attempt<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch {
      return undefined;
    }
  }
}
