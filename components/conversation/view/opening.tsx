import { lazy, Suspense, useRef } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { MirrorMark } from "@/components/ui/mirror-mark";
import { ON_SERVER } from "@/components/ui/on-server";
import { useWords } from "@/components/words/words";

interface OpeningProps {
  sessionId: string;
  onBegin: (words: string) => void;
}

/** Without it, the conversation begins as well. */
const DrawnOpening = lazy(() => import("@/components/opening/drawn-opening").catch(() => ({ default: () => null })));

/** The content of an empty conversation: an invitation, and a few ways to begin. */
export function Opening({ sessionId, onBegin }: OpeningProps) {
  const { conversation } = useWords();
  const { drafts } = usePageState();
  const offered = useRef("");

  /** What the person has written themselves stays, below the words that they choose. */
  function begin(words: string) {
    const whole = drafts.read(sessionId);
    const before = `${offered.current}\n\n`;
    const draft = offered.current !== "" && whole.startsWith(before) ? whole.slice(before.length) : whole;
    const isOwn = draft.trim() !== "" && ![offered.current, ...conversation.beginnings].includes(draft);
    offered.current = words;
    onBegin(isOwn ? `${words}\n\n${draft}` : words);
  }

  return (
    <div
      className="mx-auto flex max-w-xl flex-1 flex-col items-center justify-center py-10 text-center"
      data-testid="opening"
    >
      <MirrorMark className="mb-5 size-11 text-water" />
      <h2 className="text-2xl">{conversation.openingTitle}</h2>
      <p className="mt-2 font-serif text-ink-soft text-lg leading-8">{conversation.openingText}</p>
      <ul className="mt-8 flex flex-col gap-2.5">
        {conversation.beginnings.map((words) => (
          <li key={words}>
            <button
              type="button"
              onClick={() => begin(words)}
              className="min-h-11 rounded-full border border-line bg-sheet px-5 py-2 font-serif text-ink-soft transition-colors hover:border-edge hover:text-ink"
            >
              {words.replace(/[\s,]+$/, "")}…
            </button>
          </li>
        ))}
      </ul>
      {/* Its room is kept, so that nothing moves when it appears. */}
      <div className="mt-8 min-h-20 w-full">
        {!ON_SERVER && (
          <Suspense fallback={null}>
            <DrawnOpening sessionId={sessionId} onBegin={begin} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
