import { dayOfMoment } from "@/components/ui/days";
import type { Speech } from "@/components/words/speech";
import { firstSentence } from "@/server/context/quote";
import type { Reflection } from "@/server/reflections/router";

/** The first message of a conversation about a reflection, which names it by its day and its first sentence. */
export function aboutReflection({ content, createdAt }: Reflection, speech: Speech, timeZone?: string): string {
  const { words, fill } = speech;
  return fill(words.reflections.talkWords, {
    day: dayOfMoment(createdAt, speech, timeZone),
    sentence: firstSentence(content),
  });
}
