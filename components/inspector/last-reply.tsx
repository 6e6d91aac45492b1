import { useSpeech } from "@/components/words/words";
import type { SectionSource } from "@/server/context/context";
import { durationWords, isFromMemory, memoryWords } from "./source-words";

interface LastReplyProps {
  context: { buildMs: number; sections: readonly { source: SectionSource }[] } | null;
}

/** How long the context of the latest reply of this visit took, and how much of it came from the cache. */
export function LastReply({ context }: LastReplyProps) {
  const speech = useSpeech();
  if (context === null) return null;
  const memory = memoryWords(context.sections, speech);
  const [before, after] = speech.fill(speech.words.inspector.lastReply, { memory }).split("{duration}");
  return (
    <p
      data-testid="last-build"
      data-build-ms={context.buildMs}
      data-from-memory={context.sections.filter(({ source }) => isFromMemory(source)).length}
      className="in-[[data-technical=false]]:hidden mt-4 rounded-xl bg-water-wash px-4 py-2.5 text-sm leading-6"
    >
      {before}
      <strong className="whitespace-nowrap font-semibold tabular-nums">{durationWords(context.buildMs, speech)}</strong>
      {after}
    </p>
  );
}
