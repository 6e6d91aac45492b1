import { useNow } from "@/components/ui/use-now";
import { useSpeech } from "@/components/words/words";
import { ageWords } from "./age-words";

/** How long ago a section was read from the database, updated every second. */
export function Age({ ageMs, readAt }: { ageMs: number; readAt: number }) {
  const now = useNow(1_000);
  const speech = useSpeech();
  const sinceReport = Math.max(0, now - readAt);
  return (
    <span data-testid="section-age">
      {speech.fill(speech.words.inspector.read, { when: ageWords(ageMs + sinceReport, speech) })}
    </span>
  );
}
