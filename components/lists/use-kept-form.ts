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

/**
 * As `useKeptForm`, for a form that begins with what is there. What was typed is forgotten when something else is there.
 * @param base the form's fields as they are without a change
 */
export function useKeptChange<Draft extends Record<keyof Draft, string>>(key: string, base: Draft) {
  const { read, write, clear } = useKeptForm(key, NO_CHANGE);
  const of = JSON.stringify(base);
  return {
    read(): Draft | null {
      const kept = read();
      return kept?.of === of ? parseDraft(kept.draft, base) : null;
    },

    write: (draft: Draft): void => write({ of, draft: JSON.stringify(draft) }),

    /** @param saved what was saved; anything that was typed since is kept */
    clear(saved?: Draft): void {
      if (saved === undefined || read()?.draft === JSON.stringify(saved)) clear();
    },
  };
}

const NO_CHANGE = { of: "", draft: "" };

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
