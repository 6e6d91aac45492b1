import type { Problems } from "@/components/ui/draft-form";
import { textProblem } from "@/components/ui/text-problem";
import type { Speech } from "@/components/words/speech";
import { FIELD_LIMITS } from "@/server/field-limits";
import type { Reflection } from "@/server/reflections/router";

/** A reflection in the form's fields. */
export interface ReflectionDraft {
  content: string;
  tone: string;
  /** The dream that it is about; empty for none. */
  dreamId: string;
}

/** The input that lists the dreams that a reflection can be about: one page, newest updated first. */
export const DREAMS_TO_CHOOSE_FROM = { limit: 100 };

export const EMPTY_DRAFT: ReflectionDraft = { content: "", tone: "", dreamId: "" };

export type ReflectionProblems = Problems<ReflectionDraft>;

export function draftOf({ content, tone, dreamId }: Reflection): ReflectionDraft {
  return { content, tone: tone ?? "", dreamId: dreamId ?? "" };
}

/** The problems of a draft that can be found before it is sent. The server checks again. */
export function problemsOf({ content, tone }: ReflectionDraft, speech: Speech): ReflectionProblems {
  const labels = speech.words.reflections;
  const problems = {
    content: textProblem(labels.whatHappened, content, { limit: FIELD_LIMITS.reflection, required: true }, speech),
    tone: textProblem(labels.howWasIt, tone, { limit: FIELD_LIMITS.reflectionTone }, speech),
  };
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== null));
}

/** The server's fields of a draft. */
export function fieldsOf({ content, tone, dreamId }: ReflectionDraft) {
  return { content: content.trim(), tone: tone.trim() || null, dreamId: dreamId || null };
}
