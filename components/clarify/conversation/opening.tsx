import { MirrorMark } from "@/components/ui/mirror-mark";

const BEGINNINGS = [
  "Lately I keep thinking about ",
  "There is a choice that I keep putting off, ",
  "If nobody expected anything of me, I would ",
];

/** What an empty conversation shows: an invitation, and a few ways to begin. */
export function Opening({ onBegin }: { onBegin: (words: string) => void }) {
  return (
    <div
      className="mx-auto flex max-w-xl flex-1 flex-col items-center justify-center py-10 text-center"
      data-testid="opening"
    >
      <MirrorMark className="mb-5 size-11 text-water" />
      <h2 className="text-2xl">What is on your mind?</h2>
      <p className="mt-2 font-serif text-ink-soft text-lg leading-8">It does not have to be a goal yet.</p>
      <ul className="mt-8 flex flex-col gap-2.5">
        {BEGINNINGS.map((words) => (
          <li key={words}>
            <button
              type="button"
              onClick={() => onBegin(words)}
              className="min-h-11 rounded-full border border-line bg-sheet px-5 py-2 font-serif text-ink-soft transition-colors hover:border-edge hover:text-ink"
            >
              {words.replace(/[\s,]+$/, "")}…
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
