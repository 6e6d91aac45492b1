import type { ContextSummary } from "@/server/conversation/events";
import { durationWords, isFromMemory, memoryWords } from "./source-words";

/** How the latest reply of this visit came by its context. */
export function LastReply({ context }: { context: ContextSummary | null }) {
  if (context === null) return null;
  return (
    <p
      data-testid="last-build"
      data-build-ms={context.buildMs}
      data-from-memory={context.sections.filter(({ source }) => isFromMemory(source)).length}
      className="mt-4 rounded-xl bg-water-wash px-4 py-2.5 text-sm leading-6"
    >
      Your last message found its context in{" "}
      <strong className="whitespace-nowrap font-semibold tabular-nums">{durationWords(context.buildMs)}</strong>,{" "}
      {memoryWords(context.sections)}.
    </p>
  );
}
