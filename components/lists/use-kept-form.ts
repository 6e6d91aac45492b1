import { useMemo } from "react";
import { usePageState } from "@/components/conversation/state/page-state";

/**
 * What was typed into a form and not saved, kept across reloads among the drafts of the conversations, for this person only.
 * @param key the form's name, which no conversation has as its id
 * @param empty the form's fields when nothing was typed
 */
export function useKeptForm<Draft extends Record<keyof Draft, string>>(key: string, empty: Draft) {
  const { drafts, userId } = usePageState();
  return useMemo(() => {
    const own = `${userId}:${key}`;
    return {
      read: (): Draft | null => parseDraft(drafts.read(own), empty),

      write(draft: Draft): void {
        const isEmpty = Object.values<string>(draft).every((text) => text.trim() === "");
        drafts.write(own, isEmpty ? "" : JSON.stringify(draft));
      },

      clear: (): void => drafts.write(own, ""),
    };
  }, [drafts, userId, key, empty]);
}

/** The texts of a form's fields; null if the text is not in the form of this version. */
export function parseDraft<Draft extends Record<keyof Draft, string>>(text: string, empty: Draft): Draft | null {
  try {
    const kept: unknown = JSON.parse(text);
    if (typeof kept !== "object" || kept === null) return null;
    const fields = Object.keys(empty).flatMap((field) => {
      const value: unknown = Reflect.get(kept, field);
      return typeof value === "string" ? [[field, value]] : [];
    });
    return { ...empty, ...Object.fromEntries(fields) };
  } catch {
    return null;
  }
}
