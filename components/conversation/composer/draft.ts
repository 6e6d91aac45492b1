import type { RefObject } from "react";
import { useCallback, useEffect, useLayoutEffect, useSyncExternalStore } from "react";
import type { Speech } from "@/components/words/speech";
import { FIELD_LIMITS, fits, lengthOf } from "@/server/field-limits";
import { onChangeElsewhere } from "../state/on-change-elsewhere";
import { usePageState } from "../state/page-state";

/**
 * The draft of a conversation, shared by all tabs and kept across reloads. It takes over what was typed before
 * hydration.
 */
export function useDraft(sessionId: string, field: RefObject<HTMLTextAreaElement | null>) {
  const { drafts } = usePageState();
  const subscribe = useCallback(
    (changed: () => void) => {
      const undo = [drafts.subscribe(changed), onChangeElsewhere(changed)];
      return () => {
        for (const stop of undo) stop();
      };
    },
    [drafts],
  );
  const draft = useSyncExternalStore(
    subscribe,
    () => drafts.read(sessionId),
    () => "",
  );
  const setDraft = useCallback((text: string) => drafts.write(sessionId, text), [drafts, sessionId]);

  useEffect(() => {
    const typed = field.current?.value ?? "";
    if (typed !== "" && typed !== drafts.read(sessionId)) drafts.write(sessionId, typed);
  }, [drafts, sessionId, field]);

  return [draft, setDraft] as const;
}

const COUNTED_FROM = 3_600;

/** A note on a message's length; null while the message is far below the limit. */
export function lengthWords(
  draft: string,
  { words: { composer }, fill, plural, number }: Speech,
): { text: string; over: boolean } | null {
  if (draft.length < COUNTED_FROM) return null;
  const left = FIELD_LIMITS.message - lengthOf(draft.trim());
  if (left > FIELD_LIMITS.message - COUNTED_FROM) return null;
  return left < 0
    ? { text: fill(composer.over, { count: number(-left) }), over: true }
    : { text: plural(composer.left, left), over: false };
}

/** Whether a draft can be sent. */
export function isSendable(draft: string): boolean {
  const message = draft.trim();
  return message !== "" && fits(message, FIELD_LIMITS.message);
}

/** Adjusts a text field's height to its text, in browsers without `field-sizing`. */
export function useAutoGrow(field: RefObject<HTMLTextAreaElement | null>, text: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what changes the height
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null || CSS.supports("field-sizing", "content")) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [field, text]);
}
