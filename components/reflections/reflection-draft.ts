import type { Problems } from "@/components/ui/draft-form";
import { textProblem } from "@/components/ui/text-problem";
import type { Speech } from "@/components/words/speech";
import { FIELD_LIMITS } from "@/server/field-limits";
import type { Reflection } from "@/server/reflections/router";

/** A reflection as its form holds it. */
export interface ReflectionDraft {
  content: string;
  tone: string;
  /** The dream that it is about; empty for none. */
  dreamId: string;
}

/** The input that lists the dreams a reflection can be about: one page, newest updated first. */
export const DREAMS_TO_CHOOSE_FROM = { limit: 100 };

export const EMPTY_DRAFT: ReflectionDraft = { content: "", tone: "", dreamId: "" };

export type ReflectionProblems = Problems<ReflectionDraft>;

export function draftOf({ content, tone, dreamId }: Reflection): ReflectionDraft {
  return { content, tone, dreamId: dreamId ?? "" };
}

/** What is wrong with a draft before it is sent. The server has the last word. */
export function problemsOf({ content, tone }: ReflectionDraft, speech: Speech): ReflectionProblems {
  const what = speech.words.problems;
  const problems = {
    content: textProblem(what.reflection, content, { limit: FIELD_LIMITS.reflection, required: true }, speech),
    tone: textProblem(what.tone, tone, { limit: FIELD_LIMITS.reflectionTone, required: true }, speech),
  };
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== null));
}

/** What a draft says, as the server takes it. */
export function fieldsOf({ content, tone, dreamId }: ReflectionDraft) {
  return { content: content.trim(), tone: tone.trim(), dreamId: dreamId || null };
}
