import type { Problems } from "@/components/ui/draft-form";
import { textProblem } from "@/components/ui/text-problem";
import type { Speech } from "@/components/words/speech";
import type { Dream } from "@/server/dreams/dream";
import { FIELD_LIMITS } from "@/server/field-limits";

/** A dream in the form's fields. */
export interface DreamDraft {
  title: string;
  description: string;
  category: string;
  /** A calendar day, as `2027-05-31`; empty for none. */
  targetDate: string;
}

export const EMPTY_DRAFT: DreamDraft = { title: "", description: "", category: "", targetDate: "" };

export type DreamProblems = Problems<DreamDraft>;

export function draftOf({ title, description, category, targetDate }: Dream): DreamDraft {
  return { title, description: description ?? "", category: category ?? "", targetDate: targetDate ?? "" };
}

/** The problems of a draft that can be found before it is sent. The server checks again. */
export function problemsOf({ title, description, category }: DreamDraft, speech: Speech): DreamProblems {
  const labels = speech.words.dreams;
  const problems = {
    title: textProblem(labels.whatDoYouWant, title, { limit: FIELD_LIMITS.dreamTitle, required: true }, speech),
    description: textProblem(labels.howWouldItLook, description, { limit: FIELD_LIMITS.dreamDescription }, speech),
    category: textProblem(labels.partOfLife, category, { limit: FIELD_LIMITS.dreamCategory }, speech),
  };
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== null));
}

/** The server's fields of a draft: empty text becomes null. */
export function fieldsOf({ title, description, category, targetDate }: DreamDraft) {
  return {
    title: title.trim(),
    description: description.trim() || null,
    category: category.trim() || null,
    targetDate: targetDate || null,
  };
}
