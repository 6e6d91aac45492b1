import type { Problems } from "@/components/ui/draft-form";
import { textProblem } from "@/components/ui/text-problem";
import type { Dream } from "@/server/dreams/dream";
import { FIELD_LIMITS } from "@/server/field-limits";

/** A dream as its form holds it. */
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

/** What is wrong with a draft before it is sent. The server has the last word. */
export function problemsOf({ title, description, category }: DreamDraft): DreamProblems {
  const problems = {
    title: textProblem("A title", title, { limit: FIELD_LIMITS.dreamTitle, required: true }),
    description: textProblem("A description", description, { limit: FIELD_LIMITS.dreamDescription }),
    category: textProblem("A category", category, { limit: FIELD_LIMITS.dreamCategory }),
  };
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== null));
}

/** What a draft says, as the server takes it: nothing is null, not an empty text. */
export function fieldsOf({ title, description, category, targetDate }: DreamDraft) {
  return {
    title: title.trim(),
    description: description.trim() || null,
    category: category.trim() || null,
    targetDate: targetDate || null,
  };
}
