import { dayWords } from "@/components/ui/days";
import type { Speech } from "@/components/words/speech";
import type { SectionName } from "@/server/clarify/sections";
import type { ContextItem } from "@/server/context/context";

/** What an item of the context is called in the language of the page. What people wrote stays as it is. */
export function itemLabel(section: SectionName, { label, values }: ContextItem, speech: Speech): string {
  if (section !== "user" || values === undefined) return label;
  const { inspector } = speech.words;
  if (typeof values.day === "string") return speech.fill(inspector.since, { day: dayWords(values.day, speech) });
  const counts = [
    [inspector.conversations, values.conversations],
    [inspector.reflections, values.reflections],
  ] as const;
  return counts
    .flatMap(([forms, count]) => (typeof count === "number" ? [speech.plural(forms, count)] : []))
    .join(", ");
}
